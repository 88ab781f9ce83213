namespace Barnabas.Storage.Segments;

/// <summary>
/// The end of one log in memory, so that consumers who keep up never touch the disk. Nothing is kept while nobody reads at
/// the end: it would be a copy of all that is appended. Bounded per log here and over all logs by
/// <see cref="TailCacheBudget"/>. Appended to under the log's lock; read by any thread.
/// </summary>
internal sealed class TailCache(TailCacheBudget budget)
{
    private const int SmallestChunkBytes = 4 * 1024;
    private const int LargestChunkBytes = 256 * 1024;

    // A consumer that waits asks again within a look or two.
    private const int LooksWithoutReader = 2;

    private readonly Lock _lock = new();
    private TailChunk[] _chunks = [];
    private long _lastReadLook = -LooksWithoutReader;

    /// <summary>Somebody reads so many bytes before the end, and will soon read what is appended now where that is near.</summary>
    public void NoteReader(int bytesFromEnd = 0)
    {
        if (bytesFromEnd <= budget.BytesPerLog)
            Volatile.Write(ref _lastReadLook, budget.Looks);
    }

    public void Append(ReadOnlySpan<byte> records, long baseOffset, long endOffset, long segmentBaseOffset, int segmentPosition)
    {
        if (records.Length > budget.BytesPerLog || budget.Looks - Volatile.Read(ref _lastReadLook) >= LooksWithoutReader)
        {
            Clear();
            return;
        }

        var last = _chunks.Length > 0 ? _chunks[^1] : null;
        if (last is not null && last.SegmentBaseOffset == segmentBaseOffset && last.Room >= records.Length && last.TryAcquire())
        {
            last.Append(records, endOffset);
            last.Release();
            return;
        }

        var capacity = Math.Max(records.Length, Math.Clamp((last?.Capacity ?? 0) * 2, SmallestChunkBytes, Math.Max(SmallestChunkBytes, Math.Min(LargestChunkBytes, budget.BytesPerLog / 2))));
        var chunk = new TailChunk(budget, capacity, baseOffset, segmentBaseOffset, segmentPosition);
        chunk.Append(records, endOffset);
        lock (_lock)
            _chunks = WithinLimit(chunk);
        budget.Admit(chunk);
    }

    /// <summary>Reads when the offset lies in memory; null otherwise.</summary>
    public FetchDataInfo? Read(long offset, long upperOffset, int maxBytes, bool minOneMessage)
    {
        var chunks = Volatile.Read(ref _chunks);
        for (var i = chunks.Length - 1; i >= 0; i--)
        {
            var chunk = chunks[i];
            if (offset >= chunk.EndOffset)
                return null;
            if (offset < chunk.BaseOffset)
                continue;
            if (!chunk.TryAcquire())
                return null;
            var (start, length, first, next) = chunk.Find(offset, upperOffset, maxBytes, minOneMessage);
            NoteReader();
            if (length > 0)
                return new FetchDataInfo(new LogOffsetMetadata(first, chunk.SegmentBaseOffset, chunk.SegmentPosition + start), next, chunk, chunk.Slice(start, length));
            chunk.Release();
            return null;
        }

        return null;
    }

    public void Clear()
    {
        if (Volatile.Read(ref _chunks).Length == 0)
            return;
        lock (_lock)
        {
            foreach (var chunk in _chunks)
                budget.Evict(chunk);
            _chunks = [];
        }
    }

    private TailChunk[] WithinLimit(TailChunk added)
    {
        var bytes = (long)added.Capacity;
        var keepFrom = _chunks.Length;
        while (keepFrom > 0 && !_chunks[keepFrom - 1].IsEvicted && bytes + _chunks[keepFrom - 1].Capacity <= budget.BytesPerLog)
            bytes += _chunks[--keepFrom].Capacity;
        for (var i = 0; i < keepFrom; i++)
            budget.Evict(_chunks[i]);
        return [.. _chunks.AsSpan(keepFrom), added];
    }
}
