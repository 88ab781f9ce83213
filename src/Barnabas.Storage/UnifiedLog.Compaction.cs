using Barnabas.Storage.Compaction;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    /// <summary>An empty output of compaction, to be filled by one thread that nobody else sees.</summary>
    internal LogSegment CreateCleanedSegment(long baseOffset)
    {
        EnsureUsable();
        var segment = new LogSegment(_services.Disk, Directory, baseOffset, Config, 0, _services.NowMs, LogFileNames.CleanedSuffix);
        segment.DeleteLeftovers();
        segment.Create(preallocate: false, Config.SegmentBytes);
        return segment;
    }

    /// <summary>What compaction has to keep so that producers are still known.</summary>
    internal Dictionary<long, LastRecord> LastRecordsOfProducers()
    {
        lock (_lock)
            return _producers.Producers.ToDictionary(p => p.ProducerId, p => new LastRecord(p.LastDataOffset, p.ProducerEpoch));
    }

    /// <summary>
    /// Puts a compacted segment in the place of its sources. At no moment, nor after a crash at any, is the log without one of both: the
    /// output is durable under the name <c>.swap</c> before a source goes, and then a start finishes what was begun.
    /// </summary>
    /// <returns>False where the sources are no longer the log's; then nothing was done.</returns>
    internal bool TryReplace(IReadOnlyList<LogSegment> sources, LogSegment cleaned)
    {
        lock (_flushLock)
        {
            lock (_lock)
            {
                if (_isClosed || LogDirectory.IsOffline || cleaned.Directory != Directory)
                    return false;
                var first = Array.IndexOf(_segments, sources[0]);
                if (first < 0 || first + sources.Count >= _segments.Length || !sources.SequenceEqual(_segments.AsSpan(first, sources.Count).ToArray()))
                    return false;
                OnDisk("compacting", () => ReplaceUnderLock(first, sources, cleaned));
                return true;
            }
        }
    }

    private void ReplaceUnderLock(int first, IReadOnlyList<LogSegment> sources, LogSegment cleaned)
    {
        _services.Disk.FlushDirectory(Directory);
        cleaned.ChangeSuffix(LogFileNames.SwapSuffix);
        _services.Disk.FlushDirectory(Directory);
        cleaned.IsFullyFlushed = true;
        Volatile.Write(ref _segments, [.. _segments.AsSpan(0, first), cleaned, .. _segments.AsSpan(first + sources.Count)]);
        _tail.Clear();
        foreach (var source in sources)
        {
            RemoveFiles(source);
            if (source.BaseOffset != cleaned.BaseOffset && _producers.Snapshots.MarkDeleted(source.BaseOffset) is { } snapshot)
                _services.Workers.Schedule(TimeSpan.FromMilliseconds(Config.FileDeleteDelayMs), () => OnDisk("deleting a snapshot of", () => _services.Disk.DeleteFile(snapshot)));
        }
        _services.Disk.FlushDirectory(Directory);
        cleaned.ChangeSuffix("");
        _services.Disk.FlushDirectory(Directory);
    }
}
