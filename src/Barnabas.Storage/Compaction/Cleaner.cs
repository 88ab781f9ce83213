using Barnabas.Protocol.Records;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Compaction;

/// <summary>
/// Compacts one log once: reads the keys of the dirty part into a map, as many as fit, then writes the segments up to there anew without what
/// is superseded. Each output is durable before it takes the place of its sources, and the log is whole at any moment. One thread.
/// </summary>
internal sealed class Cleaner(LogServices services, LogCleanerOptions options, IoThrottle throttle, CancellationToken stopping)
{
    private const int MinWindowBytes = 16 * 1024;
    private const long OffsetEntryBytes = 8;
    private const long TimeEntryBytes = 12;

    private readonly int _windowBytes = Math.Max(MinWindowBytes, options.IoBufferSize / Math.Max(1, options.Threads) / 2);

    /// <summary>What the run did.</summary>
    public CleanerStats Stats { get; } = new();

    /// <summary>Compacts.</summary>
    /// <returns>The offset up to which the log is clean now.</returns>
    /// <exception cref="CleaningAbortedException">The log was cut, moved or deleted meanwhile, or the broker stops; it is as it was.</exception>
    /// <exception cref="CorruptRecordException">A batch cannot be read.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public long Clean(LogToClean target)
    {
        var log = target.Log;
        var sources = log.Segments.Where(s => s.BaseOffset < target.FirstUncleanableOffset).ToArray();
        var map = new OffsetMap(
            OffsetMap.SlotsFor(options.DedupeBufferSize / Math.Max(1, options.Threads), target.FirstUncleanableOffset - target.FirstDirtyOffset, options.DedupeBufferLoadFactor),
            options.DedupeBufferLoadFactor);
        var end = BuildMap(log, sources, target, map);
        Stats.BufferUtilization = map.Utilization;
        var transactions = new CleanedTransactions();
        var filter = new BatchFilter(map, end, transactions, log.LastRecordsOfProducers(), end, services.NowMs, Math.Max(0, log.Config.DeleteRetentionMs), services.Decompression.Unrefused);
        foreach (var group in Group(sources.Where(s => s.BaseOffset < end).ToList(), log.Config, target.FirstUncleanableOffset))
            CleanGroup(log, group, filter, transactions, target.FirstUncleanableOffset);
        (Stats.RecordsRead, Stats.RecordsKept) = filter.Records;
        return end;
    }

    /// <returns>The offset before which all keys are in the map.</returns>
    private long BuildMap(UnifiedLog log, LogSegment[] sources, LogToClean target, OffsetMap map)
    {
        var transactions = new CleanedTransactions();
        transactions.Add(log.AbortedTransactionsIn(target.FirstDirtyOffset, target.FirstUncleanableOffset));
        var mappedEnd = target.FirstDirtyOffset;
        for (var i = Math.Max(0, UnifiedLog.IndexOfFloor(sources, target.FirstDirtyOffset)); i < sources.Length; i++)
        {
            using var scanner = sources[i].Scan(sources[i].Offsets.Lookup(target.FirstDirtyOffset).Position, _windowBytes);
            while (scanner.MoveNext())
            {
                Pause(scanner.Header.SizeInBytes);
                var next = scanner.Header.NextOffset;
                if (next <= target.FirstDirtyOffset)
                    continue;
                if (!Map(scanner, target.FirstDirtyOffset, transactions, map))
                {
                    // At least one batch has to fit, or this log is never done.
                    return mappedEnd > target.FirstDirtyOffset ? mappedEnd
                        : throw new CorruptRecordException($"The map of {map.Count} keys is too small for one batch of {log.TopicPartition}: raise log.cleaner.dedupe.buffer.size");
                }
                mappedEnd = next;
            }
            mappedEnd = Math.Max(mappedEnd, i + 1 < sources.Length ? sources[i + 1].BaseOffset : target.FirstUncleanableOffset);
        }
        return mappedEnd;
    }

    private bool Map(BatchScanner scanner, long firstDirtyOffset, CleanedTransactions transactions, OffsetMap map)
    {
        var bytes = scanner.ReadBatch();
        var header = new BatchHeader(bytes.Span);
        if (header.IsControl)
        {
            transactions.OnControlBatch(header, bytes);
            return true;
        }
        // Aborted records supersede nothing.
        if (transactions.OnBatch(header))
            return true;
        foreach (ref readonly var record in new RecordBatch(bytes).Records(services.Decompression.Unrefused))
        {
            if (record.HasKey && record.Offset >= firstDirtyOffset && !map.TryPut(record.KeyBytes.Span, record.Offset))
                return false;
        }
        return true;
    }

    /// <summary>Neighbours that fit into one segment become one.</summary>
    private static IEnumerable<List<LogSegment>> Group(List<LogSegment> segments, LogConfig config, long firstUncleanableOffset)
    {
        for (var i = 0; i < segments.Count;)
        {
            var group = new List<LogSegment> { segments[i] };
            long bytes = segments[i].Size, offsets = segments[i].Offsets.Count * OffsetEntryBytes, times = segments[i].Times.Count * TimeEntryBytes;
            for (i++; i < segments.Count; i++)
            {
                var end = i + 1 < segments.Count ? segments[i + 1].BaseOffset : firstUncleanableOffset;
                bytes += segments[i].Size;
                offsets += segments[i].Offsets.Count * OffsetEntryBytes;
                times += segments[i].Times.Count * TimeEntryBytes;
                if (bytes > config.SegmentBytes || offsets > config.SegmentIndexBytes || times > config.SegmentIndexBytes || end - 1 - group[0].BaseOffset > int.MaxValue)
                    break;
                group.Add(segments[i]);
            }
            yield return group;
        }
    }

    private void CleanGroup(UnifiedLog log, List<LogSegment> group, BatchFilter filter, CleanedTransactions transactions, long firstUncleanableOffset)
    {
        var cleaned = log.CreateCleanedSegment(group[0].BaseOffset);
        try
        {
            transactions.CleanedIndex = cleaned.Transactions;
            for (var i = 0; i < group.Count; i++)
            {
                var end = i + 1 < group.Count ? group[i + 1].BaseOffset : firstUncleanableOffset;
                transactions.Add(log.AbortedTransactionsIn(group[i].BaseOffset, end));
                Copy(group[i], cleaned, filter, log.Config.IndexIntervalBytes);
            }
            transactions.CleanedIndex = null;
            cleaned.FinishCleaned(group[^1].LastModifiedMs);
            if (!log.TryReplace(group, cleaned))
                throw new CleaningAbortedException();
        }
        catch
        {
            transactions.CleanedIndex = null;
            cleaned.DeleteUnlessSwapped();
            throw;
        }
    }

    private void Copy(LogSegment source, LogSegment cleaned, BatchFilter filter, int indexIntervalBytes)
    {
        using var output = new CleanedOutput(cleaned, _windowBytes, indexIntervalBytes, services);
        using var scanner = source.Scan(0, _windowBytes);
        while (scanner.MoveNext())
        {
            var batch = scanner.ReadBatch();
            Pause(batch.Length);
            Stats.BytesRead += batch.Length;
            var kept = filter.Filter(batch);
            if (kept.Length == 0)
                continue;
            Pause(kept.Length);
            Stats.BytesWritten += kept.Length;
            output.Write(kept.Span);
        }
        if (scanner.NextPosition != source.Size)
            throw new CorruptRecordException($"{source.LogPath} holds no batch at position {scanner.NextPosition}");
        output.Flush();
    }

    private void Pause(int bytes)
    {
        if (stopping.IsCancellationRequested)
            throw new CleaningAbortedException();
        throttle.Count(bytes, stopping);
    }
}
