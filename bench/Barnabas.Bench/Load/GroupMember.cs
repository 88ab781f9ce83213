using System.Diagnostics;
using Barnabas.Bench.Systems;
using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;

namespace Barnabas.Bench.Load;

/// <summary>A consumer in a classic group that polls until it is disposed. It is Barnabas.Client's for both brokers, in this process.</summary>
internal sealed class GroupMember : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Consumer<byte[]?, byte[]?> _consumer;
    private readonly CancellationTokenSource _stop = new();
    private Task _polling = Task.CompletedTask;
    private long _records;

    public GroupMember(BrokerProcess broker, string group, params (string Key, string Value)[] more)
    {
        var options = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = broker.Bootstrap,
            ["group.id"] = group,
            ["enable.auto.commit"] = "false",
        };
        foreach (var (key, value) in more)
            options[key] = value;
        _consumer = new Consumer<byte[]?, byte[]?>(ConsumerOptions.Parse(options), Deserializers.ByteArray, Deserializers.ByteArray, ClientEnvironment.ForProgram());
    }

    /// <summary>How many partitions it owns now.</summary>
    public int Owned => _consumer.Assignment.Count;

    /// <summary>How many records it got.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>Waits until every member owns partitions and together they own all.</summary>
    public static async Task SettleAsync(List<GroupMember> members, int partitions, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!members.TrueForAll(m => m.Owned > 0) || members.Sum(m => m.Owned) != partitions)
        {
            if (Stopwatch.GetElapsedTime(begin) > Patience)
                throw new BenchException($"the group did not settle within {Patience.TotalSeconds} s: {members.Count(m => m.Owned > 0)} members own {members.Sum(m => m.Owned)} of {partitions} partitions");
            await Task.Delay(5, cancellationToken);
        }
    }

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
                Interlocked.Add(ref _records, (await _consumer.PollAsync(TimeSpan.FromMilliseconds(100), either.Token)).Count);
        }
        catch (OperationCanceledException)
        {
            // This is how a member is told to leave.
        }
    }
}
