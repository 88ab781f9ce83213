using System.Globalization;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>An fsync before every acknowledgement (flush.messages=1), each producer with one record at a time.</summary>
internal sealed class FsyncRow(int producers) : IRow
{
    private const int Partitions = 6;

    public string Name => $"fsync/{producers}";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("throughput", "records/s", Goal.Min(3), producers == 1 ? PhysicalLimit.Fsync : null),
        new("acknowledged p99", "ms"),
    ];

    public async Task RunAsync(RowContext context)
    {
        var records = context.Options.Scale(producers == 1 ? 3000 : 30_000, 10 * producers);
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation, ("flush.messages", "1"));
        var result = await context.Kbench.ProduceAsync(
            topic, records, context.Cancellation, "--record-size", "1024", "--buffered", "1", "--concurrency", producers.ToString(CultureInfo.InvariantCulture));
        await Topics.VerifyAsync(context.Broker, topic, Partitions, records, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        context.Report("throughput", result.RecordsPerSecond);
        context.Report("acknowledged p99", result.P99);
    }
}
