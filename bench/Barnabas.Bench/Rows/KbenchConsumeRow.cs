using System.Diagnostics;
using System.Globalization;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>Where the broker has the records that are consumed.</summary>
internal enum ConsumeFrom
{
    /// <summary>Written a moment ago by a producer that still runs.</summary>
    Tail,

    /// <summary>In files whose pages are in memory.</summary>
    Cached,

    /// <summary>In files whose pages the kernel was told to forget.</summary>
    Disk,
}

/// <summary>Consumes 6 partitions with kbench.</summary>
internal sealed class KbenchConsumeRow(int recordBytes, ConsumeFrom from) : IRow
{
    private const int Partitions = 6;

    public string Name => $"consume/kbench/{recordBytes}B/{from.ToString().ToLowerInvariant()}";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("throughput", "MB/s", Goal.Min(1.2), from == ConsumeFrom.Disk ? PhysicalLimit.DiskRead : PhysicalLimit.LoopbackTcp),
        new(from == ConsumeFrom.Tail ? "broker CPU, in and out" : "broker CPU", "s/GB", Goal.Max(0.5)),
    ];

    public async Task RunAsync(RowContext context)
    {
        var records = ProduceLoad.RecordsOf(recordBytes, context.Options);
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation);
        var (seconds, cpu) = from == ConsumeFrom.Tail ? await TailAsync(context, topic, records) : await FilesAsync(context, topic, records);
        await Topics.VerifyAsync(context.Broker, topic, Partitions, records, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        context.Report(Figures[0].Name, records * (recordBytes / 1e6) / seconds);
        context.Report(Figures[1].Name, cpu / (records * (recordBytes / 1e9)));
    }

    private async Task<(double Seconds, double Cpu)> FilesAsync(RowContext context, string topic, int records)
    {
        await context.Kbench.ProduceAsync(topic, records, context.Cancellation, "--record-size", Text(recordBytes));
        if (from == ConsumeFrom.Disk)
            Topics.Evict(context.Broker, topic);
        var cpu = context.Broker.CpuSeconds;
        var result = await context.Kbench.ConsumeAsync(topic, records, context.Cancellation);
        return (result.Seconds, context.Broker.CpuSeconds - cpu);
    }

    private async Task<(double Seconds, double Cpu)> TailAsync(RowContext context, string topic, int records)
    {
        var consuming = context.Kbench.ConsumeAsync(topic, records, context.Cancellation);
        // The consumer stands at the end before the first record comes.
        await Task.Delay(TimeSpan.FromSeconds(1), context.Cancellation);
        var cpu = context.Broker.CpuSeconds;
        var begin = Stopwatch.GetTimestamp();
        await context.Kbench.ProduceAsync(topic, records, context.Cancellation, "--record-size", Text(recordBytes));
        await consuming;
        return (Stopwatch.GetElapsedTime(begin).TotalSeconds, context.Broker.CpuSeconds - cpu);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
