using Barnabas.Protocol;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>
    /// Moves the log start offset up (DeleteRecords, retention, a leader's log start). Whole segments below go with the
    /// next <see cref="DeleteOldSegments"/>.
    /// </summary>
    /// <returns>Whether it moved.</returns>
    /// <exception cref="KafkaException">OFFSET_OUT_OF_RANGE: the offset is above the high watermark.</exception>
    public bool MaybeIncrementLogStartOffset(long newLogStartOffset, string reason = "client delete records request")
    {
        lock (_lock)
        {
            EnsureUsable();
            if (newLogStartOffset > _highWatermark)
            {
                throw new KafkaException(
                    ErrorCode.OffsetOutOfRange,
                    $"Cannot increment the log start offset to {newLogStartOffset} of partition {TopicPartition} since it is larger than the high watermark {_highWatermark}");
            }

            return IncrementLogStartOffset(newLogStartOffset, reason);
        }
    }

    /// <summary>Deletes the segments that retention gives up: by time, by size, and those below the log start offset.</summary>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="KafkaStorageException">The disk failed.</exception>
    public int DeleteOldSegments()
    {
        EnsureUsable();
        var deleted = 0;
        if (Config.Delete)
        {
            deleted += DeleteWhile(ByTime(), "retention.ms is exceeded");
            deleted += DeleteWhile(BySize(), "retention.bytes is exceeded");
        }

        return deleted + DeleteWhile((_, next) => next is not null && next.BaseOffset <= LogStartOffset, "they lie below the log start offset");
    }

    private Func<LogSegment, LogSegment?, bool> ByTime()
    {
        var retentionMs = Config.RetentionMs;
        var nowMs = _services.NowMs;
        return (segment, _) => retentionMs >= 0 && nowMs - segment.LargestTimestamp > retentionMs;
    }

    private Func<LogSegment, LogSegment?, bool> BySize()
    {
        var retentionBytes = Config.RetentionBytes;
        var excess = retentionBytes < 0 ? -1 : SizeInBytes - retentionBytes;
        return (segment, _) =>
        {
            if (retentionBytes < 0 || excess - segment.Size < 0)
                return false;
            excess -= segment.Size;
            return true;
        };
    }

    private int DeleteWhile(Func<LogSegment, LogSegment?, bool> isDeletable, string reason)
    {
        lock (_lock)
        {
            var count = 0;
            while (count < _segments.Length)
            {
                var segment = _segments[count];
                var next = count + 1 < _segments.Length ? _segments[count + 1] : null;
                var end = next?.BaseOffset ?? _logEndOffset;
                if (end > _highWatermark || (next is null && segment.Size == 0) || !isDeletable(segment, next))
                    break;
                count++;
            }

            if (count > 0)
                OnDisk("deleting segments of", () => DeleteFirst(count, reason));
            return count;
        }
    }

    private void DeleteFirst(int count, string reason)
    {
        if (count == _segments.Length)
            RollUnderLock(_logEndOffset);
        var newStart = _segments[count].BaseOffset;
        StorageLog.DeletingSegments(_services.Logger, TopicPartition, count, newStart, reason);
        IncrementLogStartOffset(newStart, "segment deletion");
        for (var i = 0; i < count; i++)
        {
            var segment = _segments[0];
            Volatile.Write(ref _segments, _segments[1..]);
            RemoveFiles(segment);
            if (_producers.Snapshots.MarkDeleted(segment.BaseOffset) is { } snapshot)
                _services.Workers.Schedule(TimeSpan.FromMilliseconds(Config.FileDeleteDelayMs), () => OnDisk("deleting a snapshot of", () => _services.Disk.DeleteFile(snapshot)));
            // One by one from the beginning, each durably: whatever a crash leaves has no hole.
            _services.Disk.FlushDirectory(Directory);
        }
    }

    private bool IncrementLogStartOffset(long newLogStartOffset, string reason)
    {
        if (newLogStartOffset <= _logStartOffset)
            return false;
        Volatile.Write(ref _logStartOffset, newLogStartOffset);
        if (_highWatermark < newLogStartOffset)
            Volatile.Write(ref _highWatermark, newLogStartOffset);
        _epochs.TruncateFromStart(newLogStartOffset);
        _producers.OnLogStartOffsetIncremented(newLogStartOffset);
        UpdateFirstUnstableOffset();
        StorageLog.LogStartOffsetMoved(_services.Logger, TopicPartition, newLogStartOffset, reason);
        return true;
    }
}
