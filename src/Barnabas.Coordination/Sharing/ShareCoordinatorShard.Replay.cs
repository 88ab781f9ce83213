using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

public sealed partial class ShareCoordinatorShard
{
    private const string PruneKey = "prune";
    private const string ColdSnapshotKey = "cold-snapshots";

    /// <inheritdoc/>
    public void Replay(long offset, long producerId, CoordinatorRecord record)
    {
        switch (record.Key)
        {
            case ShareSnapshotKey key:
                ReplaySnapshot(new SharePartitionKey(key.GroupId, key.TopicId, key.Partition), (ShareSnapshotValue?)record.Value, offset);
                break;
            case ShareUpdateKey key when record.Value is ShareUpdateValue update:
                ReplayUpdate(new SharePartitionKey(key.GroupId, key.TopicId, key.Partition), update, offset);
                break;
        }
    }

    /// <inheritdoc/>
    public void ReplayEndTransactionMarker(long producerId, bool committed)
    {
        // Nobody writes this topic in a transaction.
    }

    /// <inheritdoc/>
    public void OnLoaded()
    {
        SchedulePruning();
        ScheduleColdSnapshots();
    }

    /// <inheritdoc/>
    public void OnUnloaded()
    {
        // No answer is parked here.
    }

    private void ReplaySnapshot(SharePartitionKey key, ShareSnapshotValue? value, long offset)
    {
        if (value is null)
        {
            var previous = _lastDeletionOffset;
            _context.Rollback.Add(() => _lastDeletionOffset = previous);
            _lastDeletionOffset = offset;
            _entries.Remove(key);
            return;
        }

        var known = _entries.TryGetValue(key, out var entry);
        _entries.Put(key, new Entry(
            ShareGroupOffset.Of(value),
            known ? Math.Max(entry!.LeaderEpoch, value.LeaderEpoch) : value.LeaderEpoch,
            known ? Math.Max(entry!.StateEpoch, value.StateEpoch) : value.StateEpoch,
            known && entry!.UpdateCount < _config.UpdatesPerSnapshot ? entry.UpdateCount : 0,
            offset));
    }

    private void ReplayUpdate(SharePartitionKey key, ShareUpdateValue update, long offset)
    {
        // The log may begin behind the snapshot that an update follows.
        var entry = _entries.TryGetValue(key, out var known) ? known : new Entry(new ShareGroupOffset { SnapshotEpoch = update.SnapshotEpoch }, -1, -1, 0, offset);
        _entries.Put(key, entry with
        {
            State = entry.State.With(update),
            LeaderEpoch = Math.Max(entry.LeaderEpoch, update.LeaderEpoch),
            UpdateCount = entry.UpdateCount + 1,
        });
    }

    private void SchedulePruning() => _context.Timer.Schedule(PruneKey, _config.PruneIntervalMs, Prune);

    /// <summary>What is redundant goes once all that made it so is committed.</summary>
    private CoordinatorResult Prune()
    {
        SchedulePruning();
        var offset = RedundantBelow;
        if (offset <= _prunedOffset)
            return CoordinatorResult.Empty;

        return new CoordinatorResult([])
        {
            OnCommitted = failure =>
            {
                if (failure is not null)
                    return;
                _prune(_context.TopicPartition, offset);
                _prunedOffset = offset;
                _context.Logger.Pruned(_context.TopicPartition.ToString(), offset);
            },
        };
    }

    private void ScheduleColdSnapshots() => _context.Timer.Schedule(ColdSnapshotKey, _config.ColdPartitionSnapshotIntervalMs, SnapshotColdPartitions);

    /// <summary>Moves state that nothing writes up in the log, unless nothing is written at all: then no log gathers above it.</summary>
    private CoordinatorResult SnapshotColdPartitions()
    {
        ScheduleColdSnapshots();
        if (_entries.Values.All(entry => entry.State.CreateTimestampMs != entry.State.WriteTimestampMs))
            return CoordinatorResult.Empty;

        var records = _entries
            .Where(entry => _context.NowMs - entry.Value.State.WriteTimestampMs >= _config.ColdPartitionSnapshotIntervalMs)
            .Select(entry => ShareRecords.Snapshot(entry.Key, entry.Value.State with { SnapshotEpoch = entry.Value.State.SnapshotEpoch + 1, WriteTimestampMs = _context.NowMs }))
            .ToList();
        if (records.Count > 0)
            _context.Logger.ColdSnapshots(_context.TopicPartition.ToString(), records.Count);
        return new CoordinatorResult(records) { IsAtomic = false };
    }
}
