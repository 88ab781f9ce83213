using System.Diagnostics;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Rows;

/// <summary>
/// A classic group whose members all join at once, and then one leaves: the time until every member owns partitions and together they own all.
/// The members are Barnabas.Client's, the same for both brokers, in this process. The wait for further members before the first
/// rebalance (group.initial.rebalance.delay.ms, 3 s by default) is off on both, and members learn of a rebalance within 20 ms
/// (heartbeat.interval.ms, 3 s by default): both would hide the work.
/// </summary>
internal sealed class GroupRow(int members) : IRow
{
    public string Name => $"group/{members}-members";

    public IReadOnlyList<Figure> Figures { get; } = [new("all joined", "s", Goal.Max(0.5)), new("one left", "s", Goal.Max(0.5))];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.StartBrokerAsync("group.initial.rebalance.delay.ms=0");
        // The first group makes the broker create and load its offsets topic.
        await RunAsync(context, broker, measure: false);
        await RunAsync(context, broker, measure: true);
    }

    private async Task RunAsync(RowContext context, BrokerProcess broker, bool measure)
    {
        var partitions = members * 2;
        var topic = await Topics.CreateAsync(broker, partitions, context.Cancellation);
        var consumers = new List<GroupMember>();
        for (var i = 0; i < members; i++)
            consumers.Add(new GroupMember(broker, topic, ("heartbeat.interval.ms", "20")));
        try
        {
            var begin = Stopwatch.GetTimestamp();
            foreach (var member in consumers)
                member.Start(topic, context.Cancellation);
            await GroupMember.SettleAsync(consumers, partitions, context.Cancellation);
            var joined = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            begin = Stopwatch.GetTimestamp();
            var leaver = consumers[^1];
            consumers.RemoveAt(consumers.Count - 1);
            await leaver.DisposeAsync();
            await GroupMember.SettleAsync(consumers, partitions, context.Cancellation);
            if (measure)
            {
                context.Report("all joined", joined);
                context.Report("one left", Stopwatch.GetElapsedTime(begin).TotalSeconds);
            }
        }
        finally
        {
            foreach (var member in consumers)
                await member.DisposeAsync();
        }
        await Topics.DeleteAsync(broker, topic, context.Cancellation);
    }
}
