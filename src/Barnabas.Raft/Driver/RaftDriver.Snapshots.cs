using Barnabas.Raft.Snapshots;

namespace Barnabas.Raft.Driver;

/// <content>Snapshots, and what of the log they make superfluous.</content>
public sealed partial class RaftDriver
{
    /// <inheritdoc/>
    public SnapshotWriter? CreateSnapshot(OffsetAndEpoch id, long lastContainedLogTimeMs)
    {
        if (id.Offset > (_leader.HighWatermark ?? 0))
        {
            throw new ArgumentException($"Snapshot {id} would hold records that are not committed: the high watermark is {_leader.HighWatermark}.");
        }
        return _snapshots.Create(id, lastContainedLogTimeMs, _history, _time, (written, bytes) =>
        {
            RaftDriverLog.SnapshotWritten(_logger, written, bytes);
            _loop.Post(Clean);
        });
    }

    private void ScheduleCleaning() => _loop.PostDelayed(_options.CleaningInterval, () =>
    {
        Clean();
        ScheduleCleaning();
    });

    private void Clean()
    {
        while (_snapshots.NextToDelete(_options, _log.SizeInBytes, _time.GetUtcNow().ToUnixTimeMilliseconds()) is { } id)
        {
            // The log goes first: without the snapshot it could not be read from its new start.
            _log.DeleteBefore(_snapshots.After(id)!.Value.Offset);
            _snapshots.Delete(id);
            RaftDriverLog.SnapshotDeleted(_logger, id, _log.StartOffset);
        }
        if (_snapshots.Latest is { } latest && _options.RetentionMaxBytes >= 0 &&
            _log.SizeInBytes + _snapshots.TotalBytes > _options.RetentionMaxBytes && _log.StartOffset < latest.Offset)
        {
            _log.DeleteBefore(latest.Offset);
        }
    }
}
