using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Data;

/// <summary>KIP-227 through the wire.</summary>
public sealed class FetchSessionTests
{
    [Fact]
    public async Task An_incremental_fetch_tells_only_what_changed()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, partitions: 3);
        var full = words.FetchRequest(0);
        full.SessionEpoch = 0;
        for (var i = 1; i < 3; i++)
            full.Topics[0].Partitions.Add(new() { Partition = i, FetchOffset = 0, PartitionMaxBytes = 1000 });
        var created = await words.Raw.CallAsync(full, 11);
        Assert.NotEqual(0, created.SessionId);
        Assert.Equal(3, created.Responses[0].Partitions.Count);

        var unchanged = await words.Raw.CallAsync(Incremental(created.SessionId, 1), 11);
        await words.ProduceAsync(Records.Batch("a"));
        var changed = await words.Raw.CallAsync(Incremental(created.SessionId, 2), 11);

        Assert.Empty(unchanged.Responses);
        Assert.Equal(0, Assert.Single(Assert.Single(changed.Responses).Partitions).PartitionIndex);
    }

    [Fact]
    public async Task A_forgotten_partition_is_no_longer_served()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, partitions: 2);
        var full = words.FetchRequest(0);
        full.SessionEpoch = 0;
        full.Topics[0].Partitions.Add(new() { Partition = 1, FetchOffset = 0, PartitionMaxBytes = 1000 });
        var session = (await words.Raw.CallAsync(full, 11)).SessionId;
        await words.ProduceAsync(Records.Batch("a"));
        var forgetting = Incremental(session, 1);
        forgetting.ForgottenTopicsData.Add(new() { Topic = "words", Partitions = [0] });

        Assert.Empty((await words.Raw.CallAsync(forgetting, 11)).Responses);
    }

    [Fact]
    public async Task An_unknown_session_and_a_wrong_epoch_are_told_apart()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        var full = words.FetchRequest(0);
        full.SessionEpoch = 0;
        var session = (await words.Raw.CallAsync(full, 11)).SessionId;

        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await words.Raw.CallAsync(Incremental(session + 1, 1), 11)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await words.Raw.CallAsync(Incremental(session, 5), 11)).ErrorCode);
    }

    [Fact]
    public async Task A_full_cache_serves_without_a_session()
    {
        await using var broker = await Brokers.StartAsync(("max.incremental.fetch.session.cache.slots", "1"));
        await using var words = await TopicClient.CreateAsync(broker);
        var full = words.FetchRequest(0);
        full.SessionEpoch = 0;

        Assert.NotEqual(0, (await words.Raw.CallAsync(full, 11)).SessionId);
        var second = await words.Raw.CallAsync(full, 11);

        Assert.Equal(0, second.SessionId);
        Assert.Equal(ErrorCode.None, second.Responses[0].Partitions[0].ErrorCode);
    }

    private static FetchRequest Incremental(int session, int epoch) =>
        new() { ReplicaId = -1, MaxBytes = 1 << 20, SessionId = session, SessionEpoch = epoch };
}
