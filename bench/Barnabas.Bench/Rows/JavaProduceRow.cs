using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>Apache Kafka's own producer-perf-test to 6 partitions, acks=all, without a limit.</summary>
internal sealed class JavaProduceRow(int recordBytes) : IRow
{
    private const int Partitions = 6;

    public string Name => $"produce/java/{recordBytes}B/{Partitions}p/all/none";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("throughput", "MB/s", Goal.Min(1.2), PhysicalLimit.PageCacheWrite),
        new("broker CPU", "s/GB", Goal.Max(0.5)),
    ];

    public async Task RunAsync(RowContext context)
    {
        var records = ProduceLoad.RecordsOf(recordBytes, context.Options);
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation);
        var cpu = context.Broker.CpuSeconds;
        var result = await new PerfTools(context.KafkaTools, context.Broker.Bootstrap).ProduceAsync(topic, records, recordBytes, context.Cancellation);
        cpu = context.Broker.CpuSeconds - cpu;
        await Topics.VerifyAsync(context.Broker, topic, Partitions, records, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        context.Report("throughput", result.RecordsPerSecond * recordBytes / 1e6);
        context.Report("broker CPU", cpu / ((double)records * recordBytes / 1e9));
    }
}
