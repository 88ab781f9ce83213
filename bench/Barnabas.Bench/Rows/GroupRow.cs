using System.Diagnostics;
using Barnabas.Bench.Load;
using Barnabas.Bench.Systems;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;

namespace Barnabas.Bench.Rows;

/// <summary>
/// A classic group whose members all join at once, and then one leaves: the time until every member owns partitions and together they own all.
/// The members are Barnabas.Client's, the same for both brokers, in this process. The wait for further members before the first
/// rebalance (group.initial.rebalance.delay.ms, 3 s by default) is off on both: it would hide the work.
/// </summary>
internal sealed class GroupRow(int members) : IRow
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
        var consumers = new List<Member>();
        for (var i = 0; i < members; i++)
            consumers.Add(new Member(broker, topic));
        try
        {
            var begin = Stopwatch.GetTimestamp();
            foreach (var member in consumers)
                member.Start(topic, context.Cancellation);
            await SettleAsync(consumers, partitions, begin, context.Cancellation);
            var joined = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            begin = Stopwatch.GetTimestamp();
            var leaver = consumers[^1];
            consumers.RemoveAt(consumers.Count - 1);
            await leaver.DisposeAsync();
            await SettleAsync(consumers, partitions, begin, context.Cancellation);
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

    private static async Task SettleAsync(List<Member> consumers, int partitions, long begin, CancellationToken cancellationToken)
    {
        while (!consumers.TrueForAll(c => c.Owned > 0) || consumers.Sum(c => c.Owned) != partitions)
        {
            if (Stopwatch.GetElapsedTime(begin) > Patience)
                throw new BenchException($"the group did not settle within {Patience.TotalSeconds} s: {consumers.Count(c => c.Owned > 0)} members own {consumers.Sum(c => c.Owned)} of {partitions} partitions");
            await Task.Delay(5, cancellationToken);
        }
    }

    private sealed class Member : IAsyncDisposable
    {
        private readonly Consumer<byte[]?, byte[]?> _consumer;
        private readonly CancellationTokenSource _stop = new();
        private Task _polling = Task.CompletedTask;

        public Member(BrokerProcess broker, string group)
        {
            var options = ConsumerOptions.Parse(new Dictionary<string, string>
            {
                ["bootstrap.servers"] = broker.Bootstrap,
                ["group.id"] = group,
                ["heartbeat.interval.ms"] = "500",
                ["enable.auto.commit"] = "false",
            });
            _consumer = new Consumer<byte[]?, byte[]?>(options, Deserializers.ByteArray, Deserializers.ByteArray, ClientEnvironment.ForProgram());
        }

        public int Owned => _consumer.Assignment.Count;

        public void Start(string topic, CancellationToken cancellationToken)
        {
            _consumer.Subscribe([topic]);
            _polling = Task.Run(() => PollAsync(cancellationToken), cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _polling;
            await _consumer.DisposeAsync();
            _stop.Dispose();
        }

        private async Task PollAsync(CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
            try
            {
                while (!either.IsCancellationRequested)
                    await _consumer.PollAsync(TimeSpan.FromMilliseconds(100), either.Token);
            }
            catch (OperationCanceledException)
            {
                // This is how a member is told to leave.
            }
        }
    }
}
