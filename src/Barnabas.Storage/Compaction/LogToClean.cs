using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Compaction;

/// <summary>A log as the cleaner sees it: clean up to the first dirty offset, dirty from there, and not to be touched from the first uncleanable offset.</summary>
internal sealed record LogToClean(UnifiedLog Log, long FirstDirtyOffset, long FirstUncleanableOffset, long CleanBytes, long DirtyBytes, long DelayMs)
{
    /// <summary>The dirty share of what could be clean.</summary>
    public double DirtyRatio => DirtyBytes == 0 ? 0 : (double)DirtyBytes / (CleanBytes + DirtyBytes);

    /// <summary>Whether it is worth the work, or overdue (max.compaction.lag.ms).</summary>
    public bool IsDue => DirtyBytes > 0 && (DelayMs > 0 || DirtyRatio > Log.Config.MinCleanableRatio);

    /// <summary>Measures a log.</summary>
    public static LogToClean Of(UnifiedLog log, long? checkpoint, long nowMs)
    {
        var config = log.Config;
        var segments = log.Segments;
        var active = segments[^1].BaseOffset;
        var start = log.LogStartOffset;
        var firstDirty = checkpoint is { } at && at >= start && at <= log.LogEndOffset ? at : start;
        var limit = Math.Min(log.LastStableOffset, active);
        var lag = Math.Max(0, config.MinCompactionLagMs);
        var delay = 0L;
        for (var i = 0; i < segments.Length - 1; i++)
        {
            var segment = segments[i];
            if (segments[i + 1].BaseOffset <= firstDirty)
                continue;
            if (lag > 0 && segment.LargestTimestamp > nowMs - lag)
                limit = Math.Min(limit, segment.BaseOffset);
            if (segment.FirstBatchTimestamp is > 0 and var first && config.MaxCompactionLagMs < nowMs)
                delay = Math.Max(delay, nowMs - Math.Max(0, config.MaxCompactionLagMs) - first);
        }
        limit = Math.Max(limit, firstDirty);
        // Whole segments alone: not the one that holds the limit, nor the active one.
        var uncleanable = segments[IndexOf(segments, Math.Min(limit, active))].BaseOffset;
        var dirtyFrom = IndexOf(segments, Math.Min(firstDirty, uncleanable));
        long clean = 0, dirty = 0;
        for (var i = 0; i < segments.Length && segments[i].BaseOffset < uncleanable; i++)
        {
            if (i < dirtyFrom)
                clean += segments[i].Size;
            else
                dirty += segments[i].Size;
        }
        // A segment that began clean and ended dirty counts as dirty, unless nothing dirty is left.
        return new LogToClean(log, firstDirty, uncleanable, clean, firstDirty >= uncleanable ? 0 : dirty, delay);
    }

    private static int IndexOf(LogSegment[] segments, long offset) => Math.Max(0, UnifiedLog.IndexOfFloor(segments, offset));
}
