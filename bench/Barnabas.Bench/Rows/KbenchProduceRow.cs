using System.Globalization;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>Produces as fast as kbench goes.</summary>
internal sealed class KbenchProduceRow(ProduceLoad load) : IRow
{
    public string Name => $"produce/kbench/{load.Name}";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("throughput", "MB/s", Goal.Min(1.2), PhysicalLimit.PageCacheWrite),
        new("broker CPU", "s/GB", Goal.Max(0.5)),
        new("client CPU", "s/GB"),
    ];

    public async Task RunAsync(RowContext context)
    {
        var records = load.Records(context.Options);
        var megabytes = load.Megabytes(context.Options);
        var topic = await Topics.CreateAsync(context.Broker, load.Partitions, context.Cancellation);
        var cpu = context.Broker.CpuSeconds;
        var result = await context.Kbench.ProduceAsync(
            topic, records, context.Cancellation,
            "--record-size", load.RecordBytes.ToString(CultureInfo.InvariantCulture), "--acks", load.Acks, "--compression", load.Codec,
            "--payload", load.Codec == "none" ? "random" : "text");
        cpu = context.Broker.CpuSeconds - cpu;
        await Topics.VerifyAsync(context.Broker, topic, load.Partitions, records, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        context.Report("throughput", megabytes / result.Seconds);
        context.Report("broker CPU", cpu / (megabytes / 1000));
        context.Report("client CPU", result.ClientCpuSeconds / (megabytes / 1000));
    }
}
