using System.Globalization;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>
/// An fsync before every acknowledgement (flush.messages=1), each producer with one record at a time; and the same without any fsync, which
/// tells how much of it is the way there and back.
/// </summary>
internal sealed class FsyncRow(int producers) : IRow
{
    private const int Partitions = 6;

    public string Name => $"fsync/{producers}";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("throughput", "records/s", Goal.Min(3), producers == 1 ? PhysicalLimit.Fsync : null),
        new("acknowledged p99", "ms"),
        new("throughput without fsync", "records/s"),
    ];

    public async Task RunAsync(RowContext context)
    {
        var records = context.Options.Scale(producers == 1 ? 3000 : 30_000, 10 * producers);
        var result = await ProduceAsync(context, records, ("flush.messages", "1"));
        context.Report("throughput", result.RecordsPerSecond);
        context.Report("acknowledged p99", result.P99);
        context.Report("throughput without fsync", (await ProduceAsync(context, records)).RecordsPerSecond);
    }

    private async Task<KbenchResult> ProduceAsync(RowContext context, int records, params (string Key, string Value)[] configs)
    {
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation, configs);
        var result = await context.Kbench.ProduceAsync(
            topic, records, context.Cancellation, "--record-size", "1024", "--buffered", "1", "--concurrency", producers.ToString(CultureInfo.InvariantCulture));
        await Topics.VerifyAsync(context.Broker, topic, Partitions, records, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        return result;
    }
}
