using System.Globalization;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>Open loop with kbench, 1 KiB records to 6 partitions, acks=all: a latency counts from when the record was planned, so that a stall is not hidden.</summary>
internal sealed class LatencyRow(int rate) : IRow
{
    private const int Partitions = 6;
    private static readonly string[] Kinds = ["acknowledged", "end to end"];

    public string Name => $"latency/kbench/{rate}";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        .. Kinds.SelectMany(kind => (Figure[])
        [
            new($"{kind} p50", "ms", Goal.Max(0.6), PhysicalLimit.PingPong),
            new($"{kind} p99", "ms", Goal.Max(0.5), PhysicalLimit.PingPong),
            new($"{kind} p99.9", "ms", Goal.Max(0.5), PhysicalLimit.PingPong),
        ]),
        new("broker CPU", "% of a core"),
    ];

    public async Task RunAsync(RowContext context)
    {
        var seconds = context.Options.Scale(15, atLeast: 2);
        var records = rate * seconds;
        var topic = await Topics.CreateAsync(context.Broker, Partitions, context.Cancellation);
        var consuming = context.Kbench.ConsumeAsync(topic, records, context.Cancellation, "--stamp");
        await Task.Delay(TimeSpan.FromSeconds(1), context.Cancellation);
        var cpu = context.Broker.CpuSeconds;
        var produced = await context.Kbench.ProduceAsync(topic, records, context.Cancellation, "--stamp", "--record-size", "1024", "--rate", rate.ToString(CultureInfo.InvariantCulture));
        var consumed = await consuming;
        cpu = context.Broker.CpuSeconds - cpu;
        await Topics.VerifyAsync(context.Broker, topic, Partitions, records, context.Cancellation);
        await Topics.DeleteAsync(context.Broker, topic, context.Cancellation);
        Report(context, Kinds[0], produced);
        Report(context, Kinds[1], consumed);
        context.Report("broker CPU", 100 * cpu / produced.Seconds);
    }

    private static void Report(RowContext context, string kind, KbenchResult result)
    {
        context.Report($"{kind} p50", result.P50);
        context.Report($"{kind} p99", result.P99);
        context.Report($"{kind} p99.9", result.P999);
    }
}
