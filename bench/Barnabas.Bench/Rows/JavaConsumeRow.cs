using System.Globalization;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>Apache Kafka's own consumer-perf-test over 6 partitions in cached files.</summary>
internal sealed class JavaConsumeRow(int recordBytes) : IRow
{
    private const int Partitions = 6;

    public string Name => $"consume/java/{recordBytes}B/cached";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("throughput", "MB/s", Goal.Min(1.2), PhysicalLimit.LoopbackTcp),
        new("broker CPU", "s/GB", Goal.Max(0.5)),
    ];

    public async Task RunAsync(RowContext context)
    {
        var records = ProduceLoad.RecordsOf(recordBytes, context.Options);
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation);
        await context.Kbench.ProduceAsync(topic, records, context.Cancellation, "--record-size", recordBytes.ToString(CultureInfo.InvariantCulture));
        var cpu = context.Broker.CpuSeconds;
        var result = await new PerfTools(context.KafkaTools, context.Broker.Bootstrap).ConsumeAsync(topic, records, context.Cancellation);
        cpu = context.Broker.CpuSeconds - cpu;
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        context.Report("throughput", result.RecordsPerSecond * recordBytes / 1e6);
        context.Report("broker CPU", cpu / (records * (recordBytes / 1e9)));
    }
}
