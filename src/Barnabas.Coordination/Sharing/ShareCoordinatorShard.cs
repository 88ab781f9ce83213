using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

/// <summary>
/// The share coordinator's state machine for one partition of <c>__share_group_state</c>: snapshots and updates of share
/// partitions. Called by the runtime from one thread at a time; decides without I/O.
/// </summary>
public sealed partial class ShareCoordinatorShard : ICoordinatorShard
{
    private readonly CoordinatorShardContext _context;
    private readonly ShareCoordinatorConfig _config;
    private readonly Func<IGroupTopics> _topics;
    private readonly Action<TopicPartition, long> _prune;
    private readonly TimelineDictionary<SharePartitionKey, Entry> _entries;
    private long _lastDeletionOffset;
    private long _prunedOffset;

    /// <summary>A shard without state.</summary>
    /// <param name="context">What it may use of the world.</param>
    /// <param name="config">The broker's configuration.</param>
    /// <param name="topics">The cluster's topics at the moment of asking.</param>
    /// <param name="prune">Removes what lies below an offset of the shard's own partition.</param>
    public ShareCoordinatorShard(CoordinatorShardContext context, ShareCoordinatorConfig config, Func<IGroupTopics> topics, Action<TopicPartition, long> prune)
    {
        _context = context;
        _config = config;
        _topics = topics;
        _prune = prune;
        _entries = new TimelineDictionary<SharePartitionKey, Entry>(context.Rollback);
    }

    /// <summary>The offset below which no record is needed.</summary>
    internal long RedundantBelow => _entries.Count == 0 ? _lastDeletionOffset : _entries.Values.Min(entry => entry.SnapshotOffset);

    /// <summary>Begins the state of one share partition.</summary>
    public CoordinatorResult<InitializeShareGroupStateResponse.PartitionResult> Initialize(SharePartitionKey key, InitializeShareGroupStateRequest.PartitionData request)
    {
        var known = _entries.TryGetValue(key, out var entry);
        if (Check(key, request.StateEpoch, known ? entry!.StateEpoch : null) is { } error)
            return new([], new() { Partition = key.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });

        // A start offset that an administrator chose counts from there; otherwise nothing is counted before the first read.
        var state = new ShareGroupOffset
        {
            SnapshotEpoch = known ? entry!.State.SnapshotEpoch + 1 : 0,
            StateEpoch = request.StateEpoch,
            StartOffset = request.StartOffset,
            DeliveryCompleteCount = request.StartOffset == -1 ? -1 : 0,
            CreateTimestampMs = _context.NowMs,
            WriteTimestampMs = _context.NowMs,
        };
        return new([ShareRecords.Snapshot(key, state)], new() { Partition = key.Partition });
    }

    /// <summary>Reads the state of one share partition; a new leader's epoch is written first.</summary>
    public CoordinatorResult<ReadShareGroupStateResponse.PartitionResult> Read(SharePartitionKey key, int leaderEpoch)
    {
        if (CheckKey(key) is { } invalid)
            return new([], ReadError(key, invalid));
        if (!_entries.TryGetValue(key, out var entry))
            return new([], ReadError(key, new KafkaException(ErrorCode.InvalidRequest, "Read operation on uninitialized share partition not allowed.")));
        if (leaderEpoch != -1 && entry.LeaderEpoch > leaderEpoch)
            return new([], ReadError(key, Error(ErrorCode.FencedLeaderEpoch)));
        if (CheckTopic(key) is { } unknown)
            return new([], ReadError(key, unknown));

        var response = new ReadShareGroupStateResponse.PartitionResult
        {
            Partition = key.Partition,
            StateEpoch = entry.State.StateEpoch,
            StartOffset = entry.State.StartOffset,
            StateBatches = [.. entry.State.StateBatches.Select(batch => new ReadShareGroupStateResponse.StateBatch
            {
                FirstOffset = batch.FirstOffset,
                LastOffset = batch.LastOffset,
                DeliveryState = batch.DeliveryState,
                DeliveryCount = batch.DeliveryCount,
            })],
        };
        if (leaderEpoch == -1 || entry.LeaderEpoch == leaderEpoch)
            return new([], response);

        return new([RecordOf(key, entry, leaderEpoch, entry.State.StartOffset, entry.State.DeliveryCompleteCount, [])], response);
    }

    /// <summary>Writes what has changed of one share partition.</summary>
    public CoordinatorResult<WriteShareGroupStateResponse.PartitionResult> Write(SharePartitionKey key, WriteShareGroupStateRequest.PartitionData request)
    {
        if (CheckWrite(key, request, out var entry) is { } error)
            return new([], new() { Partition = key.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });

        var batches = request.StateBatches.ConvertAll(batch => new ShareStateBatch(batch.FirstOffset, batch.LastOffset, batch.DeliveryState, batch.DeliveryCount));
        return new(
            [RecordOf(key, entry!, entry!.State.LeaderEpoch, request.StartOffset, request.DeliveryCompleteCount, batches)],
            new() { Partition = key.Partition });
    }

    /// <summary>Forgets one share partition; one that is not there is no error.</summary>
    public CoordinatorResult<DeleteShareGroupStateResponse.PartitionResult> Delete(SharePartitionKey key)
    {
        if ((CheckKey(key) ?? CheckTopic(key)) is { } error)
            return new([], new() { Partition = key.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });

        return new(_entries.ContainsKey(key) ? [ShareRecords.Tombstone(key)] : [], new() { Partition = key.Partition });
    }

    /// <summary>Reads the start offset of one share partition.</summary>
    public ReadShareGroupStateSummaryResponse.PartitionResult ReadSummary(SharePartitionKey key)
    {
        if ((CheckKey(key) ?? CheckTopic(key)) is { } error)
            return new() { Partition = key.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message };

        return _entries.TryGetValue(key, out var entry)
            ? new()
            {
                Partition = key.Partition,
                StateEpoch = entry.State.StateEpoch,
                LeaderEpoch = entry.State.LeaderEpoch,
                StartOffset = entry.State.StartOffset,
                DeliveryCompleteCount = entry.State.DeliveryCompleteCount,
            }
            : new() { Partition = key.Partition, StartOffset = -1, DeliveryCompleteCount = -1 };
    }

    /// <summary>Forgets the share partitions of deleted topics.</summary>
    public CoordinatorResult<bool> OnTopicsDeleted(IReadOnlySet<Uuid> topicIds)
    {
        var records = _entries.Keys.Where(key => topicIds.Contains(key.TopicId)).Select(ShareRecords.Tombstone).ToList();
        if (records.Count > 0)
            _context.Logger.StateOfDeletedTopics(records.Count);
        return new CoordinatorResult<bool>(records, true) { IsAtomic = false };
    }

    /// <summary>A snapshot once so many updates have gathered, an update until then.</summary>
    private CoordinatorRecord RecordOf(
        SharePartitionKey key, Entry entry, int leaderEpoch, long startOffset, int deliveryCompleteCount, IReadOnlyList<ShareStateBatch> batches)
    {
        var change = new ShareGroupOffset
        {
            SnapshotEpoch = entry.State.SnapshotEpoch,
            StateEpoch = entry.State.StateEpoch,
            LeaderEpoch = leaderEpoch,
            StartOffset = startOffset,
            DeliveryCompleteCount = deliveryCompleteCount,
        };
        if (entry.UpdateCount < _config.UpdatesPerSnapshot)
            return ShareRecords.Update(key, change with { StateBatches = ShareStateBatches.Combine([], batches, startOffset) });

        var newStartOffset = startOffset == -1 ? entry.State.StartOffset : startOffset;
        return ShareRecords.Snapshot(key, change with
        {
            SnapshotEpoch = entry.State.SnapshotEpoch + 1,
            StartOffset = newStartOffset,
            StateBatches = ShareStateBatches.Combine(entry.State.StateBatches, batches, newStartOffset),
            CreateTimestampMs = _context.NowMs,
            WriteTimestampMs = _context.NowMs,
        });
    }

    private static ReadShareGroupStateResponse.PartitionResult ReadError(SharePartitionKey key, KafkaException error) =>
        new() { Partition = key.Partition, ErrorCode = error.ErrorCode, ErrorMessage = error.Message };

    /// <summary>What the shard knows of one share partition.</summary>
    /// <param name="State">The state.</param>
    /// <param name="LeaderEpoch">The highest leader epoch seen.</param>
    /// <param name="StateEpoch">The highest state epoch seen.</param>
    /// <param name="UpdateCount">Updates since the last snapshot.</param>
    /// <param name="SnapshotOffset">Where the last snapshot is in the log.</param>
    private sealed record Entry(ShareGroupOffset State, int LeaderEpoch, int StateEpoch, int UpdateCount, long SnapshotOffset);
}
