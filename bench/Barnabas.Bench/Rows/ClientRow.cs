using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>Barnabas' client against the Java client, through the same performance tool's options, both on the same broker (Barnabas).</summary>
internal abstract class ClientRow : IRow
{
    protected const int Partitions = 6;

    public abstract string Name { get; }

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("records", "records/s", Goal.Min(1.2)),
        new("client CPU", "s/million records", Goal.Max(0.7)),
    ];

    public bool RunsOn(Side side) => side == Side.Barnabas;

    public abstract Task RunAsync(RowContext context);

    protected static IEnumerable<(Side Side, PerfTools Tools)> Clients(RowContext context) =>
    [
        (Side.Barnabas, new PerfTools(context.BarnabasTools, context.Broker.Bootstrap)),
        (Side.Kafka, new PerfTools(context.KafkaTools, context.Broker.Bootstrap)),
    ];

    protected static void Report(RowContext context, Side side, PerfResult result, int records)
    {
        context.Report(side, "records", result.RecordsPerSecond);
        context.Report(side, "client CPU", result.CpuSeconds / (records / 1e6));
    }
}

/// <summary>producer-perf-test of each client.</summary>
internal sealed class ClientProduceRow(int recordBytes) : ClientRow
{
    public override string Name => $"client/produce/{recordBytes}B";

    public override async Task RunAsync(RowContext context)
    {
        var records = ProduceLoad.RecordsOf(recordBytes, context.Options);
        foreach (var (side, tools) in Clients(context))
        {
            var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation);
            var result = await tools.ProduceAsync(topic, records, recordBytes, context.Cancellation);
            await Topics.VerifyAsync(context.Broker, topic, Partitions, records, context.Cancellation);
            await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
            Report(context, side, result, records);
        }
    }
}

/// <summary>consumer-perf-test of each client.</summary>
internal sealed class ClientConsumeRow(int recordBytes) : ClientRow
{
    public override string Name => $"client/consume/{recordBytes}B";

    public override async Task RunAsync(RowContext context)
    {
        var records = ProduceLoad.RecordsOf(recordBytes, context.Options);
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation);
        await context.Kbench.ProduceAsync(topic, records, context.Cancellation, "--record-size", recordBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (side, tools) in Clients(context))
            Report(context, side, await tools.ConsumeAsync(topic, records, context.Cancellation), records);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
    }
}
