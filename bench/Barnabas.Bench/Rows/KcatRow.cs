using System.Globalization;
using System.Text;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>librdkafka by way of kcat: sends the lines of a file to 6 partitions and reads them back; each record comes out as one byte to count.</summary>
internal sealed class KcatRow : IRow
{
    private const int Partitions = 6;
    private const int LineBytes = 200;

    public string Name => $"librdkafka/kcat/{LineBytes}B/{Partitions}p";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("produce", "records/s", Goal.Min(1.2)),
        new("consume", "records/s", Goal.Min(1.2)),
        new("broker CPU", "s/GB", Goal.Max(0.5)),
    ];

    public async Task RunAsync(RowContext context)
    {
        var records = context.Options.Scale(1_000_000);
        var file = Path.Combine(context.Broker.Folder, "lines.txt");
        await WriteLinesAsync(file, records);
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation);
        string[] common = ["-b", context.Broker.Bootstrap, "-t", topic, "-q"];
        var cpu = context.Broker.CpuSeconds;
        var sent = await Command.RunAsync("kcat", ["-P", .. common, "-X", "acks=all", "-X", "linger.ms=5", "-l", file], context.Cancellation);
        await Topics.VerifyAsync(context.Broker, topic, Partitions, records, context.Cancellation);
        using var count = new CountingStream();
        var read = await Command.RunAsync("kcat", ["-C", .. common, "-o", "beginning", "-e", "-f", "."], context.Cancellation, count);
        cpu = context.Broker.CpuSeconds - cpu;
        if (count.Length != records)
            throw new BenchException($"kcat read {count.Length} of {records} records");
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        File.Delete(file);
        context.Report("produce", records / sent.Seconds);
        context.Report("consume", records / read.Seconds);
        context.Report("broker CPU", cpu / ((double)records * LineBytes / 1e9));
    }

    private static async Task WriteLinesAsync(string file, int records)
    {
        await using var writer = new StreamWriter(file, append: false, Encoding.ASCII, 1 << 20);
        for (var i = 0; i < records; i++)
            await writer.WriteAsync(i.ToString(CultureInfo.InvariantCulture).PadRight(LineBytes, 'x') + "\n");
    }
}
