using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>Begins a new segment at the log's end; nothing happens when the active one is empty.</summary>
    public void Roll()
    {
        lock (_lock)
        {
            EnsureUsable();
            OnDisk("rolling", () => RollUnderLock(_logEndOffset));
        }
    }

    private void RollUnderLock(long newBaseOffset)
    {
        var active = Active;
        if (active.Size == 0 && active.BaseOffset == newBaseOffset)
            return;
        // After a crash a hole before the new segment is found by its offsets, unless compaction makes holes too.
        if (Config.Compact)
            active.FlushLog();
        if (active.Size == 0)
        {
            // The first batch of an empty log can begin above the segment (an index of relative offsets could overflow).
            active.Delete();
            _segments = [.. _segments.AsSpan(0, _segments.Length - 1), NewSegment(newBaseOffset)];
            return;
        }

        active.BecomeInactive();
        _producers.MapEndOffset = newBaseOffset;
        _producers.TakeSnapshot(flush: false);
        Volatile.Write(ref _segments, [.. _segments, NewSegment(newBaseOffset)]);
        StorageLog.Rolled(_services.Logger, TopicPartition, newBaseOffset);
        BeginFlush(here: false);
    }

    private LogSegment NewSegment(long baseOffset)
    {
        var config = Config;
        var segment = new LogSegment(_services.Disk, Directory, baseOffset, config, _services.NextJitterMs(config), _services.NowMs);
        segment.Create(config.Preallocate, config.SegmentBytes);
        _directoryVersion++;
        return segment;
    }
}
