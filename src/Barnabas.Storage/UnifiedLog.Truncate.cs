using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>
    /// Drops all records at and above the offset, durably: no crash brings them back. Batches go whole, so the log may
    /// end below the offset.
    /// </summary>
    /// <returns>False when the log ends at or before the offset already.</returns>
    /// <exception cref="KafkaStorageException">The disk failed.</exception>
    public bool TruncateTo(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        bool lowered;
        lock (_flushLock)
        {
            lock (_lock)
            {
                EnsureUsable();
                if (offset >= _logEndOffset)
                {
                    OnDisk("truncating", () => _epochs.TruncateFromEnd(_logEndOffset));
                    return false;
                }

                var before = _recoveryPoint;
                OnDisk("truncating", () => TruncateUnderLock(offset));
                lowered = _recoveryPoint < before;
            }
        }

        Truncated?.Invoke(this, lowered);
        return true;
    }

    /// <summary>Deletes everything and begins anew at an offset, as a follower does that fell behind its leader's log start.</summary>
    /// <param name="newOffset">Where the log goes on.</param>
    /// <param name="logStartOffset">The new log start offset; <paramref name="newOffset"/> when null.</param>
    /// <exception cref="KafkaStorageException">The disk failed.</exception>
    public void TruncateFullyAndStartAt(long newOffset, long? logStartOffset = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newOffset);
        lock (_flushLock)
        {
            lock (_lock)
            {
                EnsureUsable();
                OnDisk("truncating", () => StartAnewUnderLock(newOffset, logStartOffset ?? newOffset));
            }
        }

        Truncated?.Invoke(this, true);
    }

    private void TruncateUnderLock(long offset)
    {
        if (offset < _segments[0].BaseOffset)
        {
            StartAnewUnderLock(offset, Math.Min(offset, _logStartOffset));
            return;
        }

        _tail.Clear();
        _truncations++;
        // From the end, each durably: whatever a crash leaves has no hole.
        while (_segments.Length > 1 && _segments[^1].BaseOffset >= offset)
        {
            var last = _segments[^1];
            Volatile.Write(ref _segments, _segments[..^1]);
            RemoveFiles(last);
            _services.Disk.FlushDirectory(Directory);
        }

        var active = Active;
        active.TruncateTo(offset, Config);
        active.Offsets.BecomeActive(Config.SegmentIndexBytes);
        active.Times.BecomeActive(Config.SegmentIndexBytes);
        active.IsFullyFlushed = false;
        SetEnd(active.ReadNextOffset());
        _epochs.TruncateFromEnd(_logEndOffset);
        _producers.TruncateAndReload(_segments[0].BaseOffset, _logEndOffset);
        Replay();
        _services.Disk.FlushDirectory(Directory);
        FinishTruncation();
    }

    private void StartAnewUnderLock(long newOffset, long logStartOffset)
    {
        _tail.Clear();
        _truncations++;
        // The segment that says where the log goes on is durable before the others go.
        var old = _segments;
        if (Array.Find(old, segment => segment.BaseOffset == newOffset) is { } kept)
        {
            kept.TruncateTo(newOffset, Config);
            kept.Offsets.BecomeActive(Config.SegmentIndexBytes);
            kept.Times.BecomeActive(Config.SegmentIndexBytes);
            Volatile.Write(ref _segments, [kept]);
        }
        else
        {
            Volatile.Write(ref _segments, [NewSegment(newOffset)]);
            _services.Disk.FlushDirectory(Directory);
        }

        for (var i = old.Length - 1; i >= 0; i--)
        {
            if (ReferenceEquals(old[i], _segments[0]))
                continue;
            RemoveFiles(old[i]);
            _services.Disk.FlushDirectory(Directory);
        }

        _epochs.Clear();
        _producers.TruncateFullyAndStartAt(newOffset);
        _services.Disk.FlushDirectory(Directory);
        Volatile.Write(ref _logStartOffset, Math.Min(logStartOffset, newOffset));
        SetEnd(newOffset);
        FinishTruncation();
    }

    private void SetEnd(long logEndOffset)
    {
        Volatile.Write(ref _logEndOffset, logEndOffset);
        Volatile.Write(ref _flushedOffset, Math.Min(_flushedOffset, logEndOffset));
        // The segment's indexes were cut and its end is new: recovery starts at its base.
        Volatile.Write(ref _recoveryPoint, Math.Min(_recoveryPoint, Active.BaseOffset));
        Volatile.Write(ref _logStartOffset, Math.Min(_logStartOffset, logEndOffset));
    }

    private void FinishTruncation()
    {
        SetHighWatermark(Math.Min(_highWatermark, _logEndOffset));
        StorageLog.Truncated(_services.Logger, TopicPartition, _logEndOffset);
    }

    /// <summary>Brings producer state from its snapshot to the log's end.</summary>
    private void Replay()
    {
        foreach (var segment in _segments)
        {
            if (segment != Active && _segments[Array.IndexOf(_segments, segment) + 1].BaseOffset <= _producers.MapEndOffset)
                continue;
            using var scanner = segment.Scan(segment.Offsets.Lookup(_producers.MapEndOffset).Position);
            while (scanner.MoveNext())
            {
                if (scanner.Header.NextOffset > _producers.MapEndOffset)
                    segment.Replay(_producers, scanner, _services.Time);
            }
        }

        _producers.MapEndOffset = _logEndOffset;
    }

    private void RemoveFiles(LogSegment segment)
    {
        _directoryVersion++;
        segment.ChangeSuffix(LogFileNames.DeletedSuffix);
        _services.Workers.Schedule(TimeSpan.FromMilliseconds(Config.FileDeleteDelayMs), () => OnDisk("deleting a segment of", segment.Delete));
    }
}
