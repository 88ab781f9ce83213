using System.Globalization;
using Barnabas.Bench.Load;

namespace Barnabas.Bench.Rows;

/// <summary>The same records to 1 and to 1,000 partitions: what a partition more costs.</summary>
internal sealed class PartitionGrowthRow : IRow
{
    private static readonly int[] Steps = [1, 10, 100, 1000];

    public string Name => "growth/partitions";

    public IReadOnlyList<Figure> Figures { get; } = [.. Steps.Select(step => new Figure(At(step), "s/million records"))];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.StartBrokerAsync();
        await WarmUp.RunAsync(context.Options, broker, context.Cancellation);
        foreach (var step in Steps)
        {
            var records = context.Options.Scale(250_000, 1000);
            var topic = await Topics.CreateAsync(broker, step, context.Cancellation);
            var cpu = broker.CpuSeconds;
            await new Kbench(context.Options, broker.Bootstrap).ProduceAsync(
                topic, records, context.Cancellation, "--record-size", "1024", "--key-size", "8", "--linger", "5ms",
                "--batch-bytes", (256 * 1024).ToString(CultureInfo.InvariantCulture));
            cpu = broker.CpuSeconds - cpu;
            await Topics.VerifyAsync(broker, topic, step, records, context.Cancellation);
            context.Report(At(step), cpu / (records / 1e6));
        }
    }

    private static string At(int partitions) => $"broker CPU at {partitions} partitions";
}
