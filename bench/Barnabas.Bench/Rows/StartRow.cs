using System.Diagnostics;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>A cold start on a formatted folder: until the first reply, until the first record is acknowledged (by kbench, which creates its topic), and what the idle node then holds.</summary>
internal sealed class StartRow : IRow
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public string Name => "start";

    public IReadOnlyList<Figure> Figures { get; } =
    [
        new("first reply", "ms"), new("first acknowledged record", "ms", Goal.Max(0.1)), new("idle memory", "MB", Goal.Max(0.15)),
        new("clean stop", "ms"),
    ];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.PrepareBrokerAsync();
        var begin = Stopwatch.GetTimestamp();
        await broker.RunAsync(context.Cancellation);
        await new Kbench(context.Options, broker.Bootstrap).ProduceAsync("first", 1, context.Cancellation, "--partitions", "1");
        context.Report("first acknowledged record", Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        context.Report("first reply", broker.TimeToFirstReply.TotalMilliseconds);
        await Topics.VerifyAsync(broker, "first", 1, 1, context.Cancellation);
        await Task.Delay(Settling, context.Cancellation);
        context.Report("idle memory", broker.ResidentMegabytes);
        begin = Stopwatch.GetTimestamp();
        await broker.StopAsync();
        context.Report("clean stop", Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
    }
}
