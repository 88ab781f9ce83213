using Barnabas.Storage.Checkpoints;

namespace Barnabas.Storage.Epochs;

/// <summary>
/// Which leader epoch wrote which offsets (KIP-101). Owned by a <see cref="UnifiedLog"/>; any thread may call.
/// Assignments reach the file with the next <see cref="Flush"/>, at the latest before the recovery point passes
/// them (recovery finds later ones in the batches). Truncations are written at once.
/// </summary>
internal sealed class LeaderEpochFileCache
{
    public const int UndefinedEpoch = -1;
    public const long UndefinedEpochOffset = -1;

    private readonly LeaderEpochCheckpointFile _checkpoint;
    private readonly Lock _lock = new();
    private readonly List<EpochEntry> _entries = [];
    private bool _dirty;

    public LeaderEpochFileCache(LeaderEpochCheckpointFile checkpoint, IReadOnlyList<EpochEntry> entries)
    {
        _checkpoint = checkpoint;
        foreach (var entry in entries)
            AssignUnderLock(entry.Epoch, entry.StartOffset);
        _dirty = false;
    }

    public int? LatestEpoch
    {
        get
        {
            lock (_lock)
                return _entries.Count == 0 ? null : _entries[^1].Epoch;
        }
    }

    public EpochEntry? EarliestEntry
    {
        get
        {
            lock (_lock)
                return _entries.Count == 0 ? null : _entries[0];
        }
    }

    public IReadOnlyList<EpochEntry> Entries
    {
        get
        {
            lock (_lock)
                return _entries.ToArray();
        }
    }

    /// <summary>Notes that an epoch begins at an offset; later entries that contradict it are dropped.</summary>
    public void Assign(int epoch, long startOffset)
    {
        lock (_lock)
            AssignUnderLock(epoch, startOffset);
    }

    /// <summary>
    /// The largest epoch not above the asked one and the offset where it ends; (-1, -1) when nothing is known.
    /// </summary>
    public OffsetAndEpoch EndOffsetFor(int requestedEpoch, long logEndOffset)
    {
        lock (_lock)
        {
            if (requestedEpoch == UndefinedEpoch || _entries.Count == 0)
                return new OffsetAndEpoch(UndefinedEpochOffset, UndefinedEpoch);
            if (_entries[^1].Epoch == requestedEpoch)
                return new OffsetAndEpoch(logEndOffset, requestedEpoch);
            if (_entries[^1].Epoch < requestedEpoch)
                return new OffsetAndEpoch(UndefinedEpochOffset, UndefinedEpoch);
            var higher = FirstIndexAbove(requestedEpoch);
            // Asked for an epoch older than any known: its end is where the first known begins.
            return higher == 0
                ? new OffsetAndEpoch(_entries[0].StartOffset, requestedEpoch)
                : new OffsetAndEpoch(_entries[higher].StartOffset, _entries[higher - 1].Epoch);
        }
    }

    /// <summary>The epoch an offset was written in; null when unknown.</summary>
    public int? EpochForOffset(long offset)
    {
        lock (_lock)
        {
            for (var i = _entries.Count - 1; i >= 0; i--)
            {
                if (_entries[i].StartOffset <= offset)
                    return _entries[i].Epoch;
            }

            return null;
        }
    }

    /// <summary>Drops all entries that start at or after the offset.</summary>
    public void TruncateFromEnd(long endOffset)
    {
        lock (_lock)
        {
            var removed = _entries.RemoveAll(e => e.StartOffset >= endOffset);
            if (removed == 0)
                return;
            _dirty = true;
            FlushUnderLock();
        }
    }

    /// <summary>Makes the first entry start at the offset, dropping those that end before it. Written with the next flush.</summary>
    public void TruncateFromStart(long startOffset)
    {
        lock (_lock)
        {
            var last = _entries.FindLastIndex(e => e.StartOffset <= startOffset);
            if (last < 0)
                return;
            if (last == 0 && _entries[0].StartOffset == startOffset)
                return;
            var entry = _entries[last] with { StartOffset = startOffset };
            _entries.RemoveRange(0, last + 1);
            _entries.Insert(0, entry);
            _dirty = true;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _dirty = true;
            FlushUnderLock();
        }
    }

    /// <summary>Writes the file when something changed since it was written.</summary>
    public void Flush()
    {
        lock (_lock)
            FlushUnderLock();
    }

    private void FlushUnderLock()
    {
        if (!_dirty)
            return;
        _checkpoint.Write(_entries);
        _dirty = false;
    }

    private void AssignUnderLock(int epoch, long startOffset)
    {
        if (epoch < 0 || startOffset < 0)
            throw new ArgumentOutOfRangeException(nameof(epoch), $"epoch {epoch} at offset {startOffset}");
        if (_entries.Count > 0 && _entries[^1] is var last && last.Epoch == epoch && startOffset >= last.StartOffset)
            return;
        _entries.RemoveAll(e => e.Epoch >= epoch || e.StartOffset >= startOffset);
        _entries.Add(new EpochEntry(epoch, startOffset));
        _dirty = true;
    }

    private int FirstIndexAbove(int epoch)
    {
        var index = 0;
        while (_entries[index].Epoch <= epoch)
            index++;
        return index;
    }
}
