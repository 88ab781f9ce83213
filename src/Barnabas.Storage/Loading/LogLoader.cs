using Barnabas.Protocol;
using Barnabas.Storage.Checkpoints;
using Barnabas.Storage.Epochs;
using Barnabas.Storage.Indexes;
using Barnabas.Storage.Producers;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Loading;

/// <summary>
/// Opens a partition's folder in named stages: tidy, list, check what was not flushed, agree on the ends, rebuild the
/// leader epochs when they are lost, bring producer state to the end. Used once, on one thread.
/// </summary>
internal sealed class LogLoader(
    LogServices services, string directory, TopicPartition partition, Uuid topicId, LogConfig config, LogOpenOptions options)
{
    private readonly IDisk _disk = services.Disk;
    private readonly List<LogSegment> _segments = [];
    private LeaderEpochFileCache _epochs = null!;
    private ProducerStateManager _producers = null!;
    private bool _epochsLost;

    // Everything from here on was checked batch by batch; long.MaxValue when nothing was.
    private long _checkedFrom = long.MaxValue;

    public LoadedLog Load()
    {
        var id = OpenDirectory();
        TemporaryFiles.Resolve(_disk, directory, config);
        ListSegments();
        LoadEpochs();
        _producers = new ProducerStateManager(partition, services.Time, () => services.Producers, OpenSnapshots());
        var end = Recover();
        end = DropSegmentsBeforeStart(end);
        if (_segments.Count == 0)
            AddEmptySegment(options.LogStartOffset);
        var start = Math.Max(options.LogStartOffset, _segments[0].BaseOffset);
        var active = _segments[^1];
        active.Offsets.BecomeActive(config.SegmentIndexBytes);
        active.Times.BecomeActive(config.SegmentIndexBytes);
        active.IsFullyFlushed = false;
        active.LoadLargestTimestamp();
        AlignEpochs(start, end);
        LoadProducers(end);
        var recoveryPoint = options.HadCleanShutdown ? end : Math.Min(options.RecoveryPoint, Math.Min(end, _checkedFrom));
        return new LoadedLog(partition, id, [.. _segments], _epochs, _producers, start, end, recoveryPoint);
    }

    private Uuid OpenDirectory()
    {
        if (!_disk.DirectoryExists(directory))
        {
            _disk.CreateDirectory(directory);
            _disk.FlushDirectory(Path.GetDirectoryName(directory)!);
        }

        Uuid? stored;
        try
        {
            stored = PartitionMetadataFile.Read(_disk, directory);
        }
        catch (InvalidDataException) when (topicId != Uuid.Zero && !options.HadCleanShutdown)
        {
            // Torn by a crash before it was durable.
            stored = null;
        }

        if (stored is { } existing)
        {
            return topicId == Uuid.Zero || existing == topicId ? existing : throw new InvalidDataException(
                $"Tried to assign topic ID {topicId} to log for topic partition {partition}, but log already contained topic ID {existing}");
        }

        if (topicId != Uuid.Zero)
            PartitionMetadataFile.Write(_disk, directory, topicId);
        return topicId;
    }

    private void ListSegments()
    {
        var entries = _disk.List(directory);
        var logs = new HashSet<long>();
        foreach (var entry in entries)
        {
            if (!entry.IsDirectory && entry.Name.EndsWith(LogFileNames.LogSuffix, StringComparison.Ordinal) && LogFileNames.TryParseOffset(entry.Name, out var offset))
            {
                var segment = new LogSegment(_disk, directory, offset, config, services.NextJitterMs(config), services.NowMs);
                segment.OpenExisting(entry.Length, entry.LastModifiedMs);
                _segments.Add(segment);
                logs.Add(offset);
            }
        }

        foreach (var entry in entries)
        {
            var isIndex = entry.Name.EndsWith(LogFileNames.IndexSuffix, StringComparison.Ordinal)
                || entry.Name.EndsWith(LogFileNames.TimeIndexSuffix, StringComparison.Ordinal)
                || entry.Name.EndsWith(LogFileNames.TxnIndexSuffix, StringComparison.Ordinal);
            if (isIndex && LogFileNames.TryParseOffset(entry.Name, out var offset) && !logs.Contains(offset))
                _disk.DeleteFile(Path.Combine(directory, entry.Name));
        }

        _segments.Sort(static (a, b) => a.BaseOffset.CompareTo(b.BaseOffset));
    }

    private ProducerSnapshots OpenSnapshots()
    {
        var offsets = new List<long>();
        foreach (var entry in _disk.List(directory))
        {
            if (entry.Name.EndsWith(LogFileNames.SnapshotSuffix, StringComparison.Ordinal) && LogFileNames.TryParseOffset(entry.Name, out var offset))
                offsets.Add(offset);
        }

        var snapshots = new ProducerSnapshots(_disk, directory, offsets);
        snapshots.DeleteStray(_segments.ConvertAll(static s => s.BaseOffset));
        return snapshots;
    }

    private void LoadEpochs()
    {
        var checkpoint = new LeaderEpochCheckpointFile(_disk, Path.Combine(directory, LogFileNames.LeaderEpochCheckpoint));
        try
        {
            // Without the file only a log that is checked from its first byte knows all its epochs.
            _epochsLost = !checkpoint.Exists && _segments.Count > 0;
            _epochs = new LeaderEpochFileCache(checkpoint, checkpoint.Read());
        }
        catch (InvalidDataException e)
        {
            StorageLog.EpochsRebuilt(services.Logger, partition, e.Message);
            _epochs = new LeaderEpochFileCache(checkpoint, []);
            _epochsLost = true;
        }
    }

    /// <summary>Checks the segments that may not be durable and the indexes of the others; returns the log's end.</summary>
    private long Recover()
    {
        var gapsAllowedBelow = config.Compact ? long.MaxValue : options.CleanerOffset;
        var firstUnflushed = FirstToCheck();
        if (firstUnflushed < _segments.Count)
        {
            // Epochs and producer state restart before what is checked, so that its transactions are indexed anew.
            _checkedFrom = _segments[firstUnflushed].BaseOffset;
            _producers.Snapshots.DeleteOutside(-1, _checkedFrom);
            _epochs.TruncateFromEnd(_checkedFrom);
        }

        var end = options.LogStartOffset;
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            if (i > firstUnflushed && segment.BaseOffset != end && !(segment.BaseOffset > end && end < gapsAllowedBelow))
            {
                StorageLog.SegmentDoesNotFollow(services.Logger, partition, segment.LogPath, end);
                DeleteFrom(i);
                break;
            }

            if (i < firstUnflushed)
            {
                CheckIndexes(segment);
                segment.IsFullyFlushed = true;
                if (i == _segments.Count - 1)
                    end = segment.ReadNextOffset();
                continue;
            }

            StorageLog.RecoveringSegment(services.Logger, partition, segment.LogPath);
            var (next, cut) = segment.Recover(gapsAllowedBelow, _epochs, config, services.Stopping);
            end = next;
            if (cut > 0)
            {
                StorageLog.TornTail(services.Logger, partition, segment.LogPath, cut, next);
                DeleteFrom(i + 1);
            }

            if (i < _segments.Count - 1)
                segment.BecomeInactive();
        }

        return end;
    }

    private void CheckIndexes(LogSegment segment)
    {
        try
        {
            segment.Offsets.OpenInactive(segment.Size);
            segment.Times.OpenInactive(segment.Size);
        }
        catch (Exception e) when (e is CorruptIndexException or FileNotFoundException)
        {
            StorageLog.IndexRebuilt(services.Logger, partition, segment.LogPath, e.Message);
            segment.RebuildIndexes(config);
        }
    }

    /// <summary>The first segment to check: that of the recovery point, or an earlier one whose transaction index is damaged.</summary>
    private int FirstToCheck()
    {
        var first = options.HadCleanShutdown ? _segments.Count
            : Math.Max(0, UnifiedLog.IndexOfFloor([.. _segments], options.RecoveryPoint));
        for (var i = 0; i < first; i++)
        {
            try
            {
                _segments[i].Transactions.SanityCheck();
            }
            catch (CorruptIndexException e)
            {
                StorageLog.IndexRebuilt(services.Logger, partition, _segments[i].LogPath, e.Message);
                return i;
            }
        }

        return first;
    }

    private long DropSegmentsBeforeStart(long end)
    {
        if (_segments.Count == 0 || end >= options.LogStartOffset)
            return _segments.Count == 0 ? options.LogStartOffset : end;
        StorageLog.LogEndsBeforeStart(services.Logger, partition, end, options.LogStartOffset);
        DeleteFrom(0);
        _epochs.Clear();
        return options.LogStartOffset;
    }

    // From the end, each durably: whatever a crash leaves has no hole.
    private void DeleteFrom(int index)
    {
        for (var i = _segments.Count - 1; i >= index; i--)
        {
            _segments[i].Delete();
            _segments.RemoveAt(i);
            _disk.FlushDirectory(directory);
        }
    }

    private void AddEmptySegment(long baseOffset)
    {
        var segment = new LogSegment(_disk, directory, baseOffset, config, services.NextJitterMs(config), services.NowMs);
        segment.Create(config.Preallocate, config.SegmentBytes);
        _segments.Add(segment);
        // Its name alone says where the log goes on.
        if (baseOffset > 0)
            _disk.FlushDirectory(directory);
    }

    private void AlignEpochs(long start, long end)
    {
        // Lost, or cut for a log start offset that a crash took back.
        var lost = _epochsLost && _checkedFrom > _segments[0].BaseOffset;
        if (lost || (!options.HadCleanShutdown && start < end && !(_epochs.EarliestEntry?.StartOffset <= start)))
            RebuildEpochs(start);
        _epochs.TruncateFromEnd(end);
        _epochs.TruncateFromStart(start);
    }

    private void RebuildEpochs(long start)
    {
        _epochs.Clear();
        for (var i = Math.Max(0, UnifiedLog.IndexOfFloor([.. _segments], start)); i < _segments.Count; i++)
        {
            using var scanner = _segments[i].Scan();
            while (scanner.MoveNext())
            {
                if (scanner.Header.PartitionLeaderEpoch >= 0 && !(_epochs.LatestEpoch >= scanner.Header.PartitionLeaderEpoch))
                    _epochs.Assign(scanner.Header.PartitionLeaderEpoch, scanner.Header.BaseOffset);
            }
        }
    }

    private void LoadProducers(long end)
    {
        // From the first segment's begin, not from the log start, which a crash may take back.
        _producers.TruncateAndReload(_segments[0].BaseOffset, end);
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            if (i + 1 < _segments.Count && _segments[i + 1].BaseOffset <= _producers.MapEndOffset)
                continue;
            using var scanner = segment.Scan(segment.Offsets.Lookup(_producers.MapEndOffset).Position);
            while (scanner.MoveNext())
            {
                if (scanner.Header.NextOffset > _producers.MapEndOffset)
                    segment.Replay(_producers, scanner, services.Time);
            }
        }

        _producers.MapEndOffset = end;
    }
}
