using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>Apache Kafka's own e2e-latency: one record at a time from a Java producer to a Java consumer.</summary>
internal sealed class JavaLatencyRow : IRow
{
    public string Name => "latency/java/one-at-a-time";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("end to end p50", "ms", Limit: PhysicalLimit.PingPong),
        new("end to end p99", "ms", Limit: PhysicalLimit.PingPong),
        new("end to end p99.9", "ms", Limit: PhysicalLimit.PingPong),
    ];

    public async Task RunAsync(RowContext context)
    {
        var topic = await Topics.CreateAsync(context.Broker, 1, context.Cancellation);
        var result = await new PerfTools(context.KafkaTools, context.Broker.Bootstrap).EndToEndAsync(topic, context.Options.Scale(10_000), 1024, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        context.Report("end to end p50", result.P50);
        context.Report("end to end p99", result.P99);
        context.Report("end to end p99.9", result.P999);
    }
}
