using System.Globalization;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>The most memory a node ever held while four producers and a consumer go as fast as they can.</summary>
internal sealed class FullLoadRow : IRow
{
    private const int Partitions = 6;
    private const int Producers = 4;

    public string Name => "full-load";

    public IReadOnlyList<Figure> Figures { get; } = [new("peak memory", "MB", Goal.Max(0.3))];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.StartBrokerAsync();
        await WarmUp.RunAsync(context.Options, broker, context.Cancellation);
        var records = context.Options.Scale(1_500_000, 1000);
        var topic = await Topics.CreateAsync(broker, Partitions, context.Cancellation);
        var kbench = new Kbench(context.Options, broker.Bootstrap);
        var consuming = kbench.ConsumeAsync(topic, records, context.Cancellation);
        await kbench.ProduceAsync(topic, records, context.Cancellation, "--record-size", "1024", "--concurrency", Producers.ToString(CultureInfo.InvariantCulture));
        await consuming;
        await Topics.VerifyAsync(broker, topic, Partitions, records, context.Cancellation);
        context.Report("peak memory", broker.PeakMegabytes);
    }
}
