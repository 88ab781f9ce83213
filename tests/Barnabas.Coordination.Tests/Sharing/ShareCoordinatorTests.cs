using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Sharing;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Coordination.Tests.Sharing;

public sealed class ShareCoordinatorTests
{
    private readonly TestTopics _topics = new();
    private readonly List<(long Offset, CoordinatorBatch.Entry Entry)> _log = [];
    private readonly List<long> _pruned = [];
    private readonly SharePartitionKey _key;
    private TimerQueue _timers;
    private CoordinatorShardContext _context;
    private ShareCoordinatorShard _shard;
    private long _nowMs = 1_000;

    public ShareCoordinatorTests()
    {
        _key = new SharePartitionKey("g", _topics.Create("t", 2), 1);
        (_timers, _context, _shard) = Open();
    }

    [Fact]
    public void State_that_never_began_cannot_be_read_or_written()
    {
        Assert.Equal(ErrorCode.InvalidRequest, Run(shard => shard.Read(_key, 0)).ErrorCode);
        var written = Run(shard => shard.Write(_key, Change(0)));
        Assert.Equal((ErrorCode.InvalidRequest, "Write operation on uninitialized share partition not allowed."), (written.ErrorCode, written.ErrorMessage));
        Assert.Empty(_log);
    }

    [Fact]
    public void What_is_written_is_read_after_a_restart()
    {
        Begin(stateEpoch: 3);
        Run(shard => shard.Write(_key, Change(10, (10, 14, 2, 1), (15, 19, 0, 2))));
        Reload();
        var read = Run(shard => shard.Read(_key, 7));
        Assert.Equal((ErrorCode.None, 3, 10L), (read.ErrorCode, read.StateEpoch, read.StartOffset));
        Assert.Equal([(10L, 14L, 2, 1), (15L, 19L, 0, 2)], read.StateBatches.Select(batch => (batch.FirstOffset, batch.LastOffset, (int)batch.DeliveryState, (int)batch.DeliveryCount)));
        Assert.Equal(7, _shard.ReadSummary(_key).LeaderEpoch);
    }

    [Fact]
    public void An_older_leader_and_an_older_state_are_fenced()
    {
        Begin(stateEpoch: 3);
        Run(shard => shard.Read(_key, 7));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, Run(shard => shard.Read(_key, 6)).ErrorCode);
        Assert.Equal(ErrorCode.FencedLeaderEpoch, Run(shard => shard.Write(_key, Change(0, leaderEpoch: 6))).ErrorCode);
        Assert.Equal(ErrorCode.FencedStateEpoch, Run(shard => shard.Write(_key, Change(0, stateEpoch: 2))).ErrorCode);
        Assert.Equal(ErrorCode.FencedStateEpoch, Begin(stateEpoch: 2).ErrorCode);
    }

    [Fact]
    public void After_so_many_updates_a_snapshot_is_written_and_what_lies_before_it_is_pruned()
    {
        Begin(stateEpoch: 1);
        for (var i = 0; i < 7; i++)
            Run(shard => shard.Write(_key, Change(i, (i, i, 2, 1))));
        // Five updates, then a snapshot, then updates again.
        Assert.Equal([0, 1, 1, 1, 1, 1, 0, 1], Records().Select(record => (int)record.Type));
        Advance(400);
        Assert.Equal([6L], _pruned);
        Reload();
        Assert.Equal(6, _shard.ReadSummary(_key).StartOffset);
    }

    [Fact]
    public void A_deleted_topic_takes_its_state_along()
    {
        Begin(stateEpoch: 1);
        Run(shard => shard.OnTopicsDeleted(new HashSet<Uuid> { _key.TopicId }));
        Reload();
        Assert.Equal(-1, _shard.ReadSummary(_key).StartOffset);
        Assert.Equal(ErrorCode.InvalidRequest, Run(shard => shard.Read(_key, 0)).ErrorCode);
    }

    [Theory]
    [InlineData("g:AAAAAAAAAAAAAAAAAAAAAQ:3", true)]
    [InlineData("a:b:AAAAAAAAAAAAAAAAAAAAAQ:3", true)]
    [InlineData(":AAAAAAAAAAAAAAAAAAAAAQ:3", false)]
    [InlineData("g:no-id:3", false)]
    [InlineData("g:AAAAAAAAAAAAAAAAAAAAAQ:x", false)]
    [InlineData("", false)]
    public void A_key_names_group_topic_and_partition(string text, bool isKey)
    {
        Assert.Equal(isKey, SharePartitionKey.TryParse(text, out var key));
        if (isKey)
            Assert.Equal(text, key.ToString());
    }

    private InitializeShareGroupStateResponse.PartitionResult Begin(int stateEpoch) =>
        Run(shard => shard.Initialize(_key, new() { Partition = _key.Partition, StateEpoch = stateEpoch, StartOffset = -1 }));

    private static WriteShareGroupStateRequest.PartitionData Change(long startOffset, params (long First, long Last, sbyte State, short Count)[] batches) =>
        Change(startOffset, -1, -1, batches);

    private static WriteShareGroupStateRequest.PartitionData Change(long startOffset, int leaderEpoch = -1, int stateEpoch = -1, params (long First, long Last, sbyte State, short Count)[] batches) => new()
    {
        StartOffset = startOffset,
        LeaderEpoch = leaderEpoch,
        StateEpoch = stateEpoch,
        DeliveryCompleteCount = 0,
        StateBatches = [.. batches.Select(batch => new WriteShareGroupStateRequest.StateBatch { FirstOffset = batch.First, LastOffset = batch.Last, DeliveryState = batch.State, DeliveryCount = batch.Count })],
    };

    private (TimerQueue, CoordinatorShardContext, ShareCoordinatorShard) Open()
    {
        var timers = new TimerQueue(() => _nowMs);
        var context = new CoordinatorShardContext(new TopicPartition("__share_group_state", 0), timers, new RollbackLog(), new Random(1), NullLogger.Instance) { NowMs = _nowMs };
        var shard = new ShareCoordinatorShard(context, new ShareCoordinatorConfig { UpdatesPerSnapshot = 5, PruneIntervalMs = 300, ColdPartitionSnapshotIntervalMs = 100_000 }, () => _topics, (_, offset) => _pruned.Add(offset));
        foreach (var (offset, entry) in _log)
            shard.Replay(offset, -1, Read(entry));
        shard.OnLoaded();
        return (timers, context, shard);
    }

    private void Reload() => (_timers, _context, _shard) = Open();

    private T Run<T>(Func<ShareCoordinatorShard, CoordinatorResult<T>> operation)
    {
        var result = operation(_shard);
        Write(result);
        return result.Response;
    }

    private void Write(CoordinatorResult result)
    {
        foreach (var entry in CoordinatorBatch.Serialize(result.Records, 0, result.Records.Count))
        {
            _log.Add((_log.Count, entry));
            _shard.Replay(_log.Count - 1, -1, Read(entry));
        }

        result.OnCommitted?.Invoke(null);
    }

    private void Advance(long ms)
    {
        _nowMs += ms;
        _context.NowMs = _nowMs;
        while (_timers.TryTakeDue(_nowMs, out var operation))
            Write(operation());
    }

    private IEnumerable<CoordinatorRecord> Records() => _log.Select(one => Read(one.Entry));

    private static CoordinatorRecord Read(CoordinatorBatch.Entry entry) =>
        new ShareRecordSerde().Deserialize(entry.Key, entry.Value is { } value ? new ReadOnlyMemory<byte>(value) : default(ReadOnlyMemory<byte>?))!;
}
