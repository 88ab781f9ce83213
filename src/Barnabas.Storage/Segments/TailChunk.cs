namespace Barnabas.Storage.Segments;

/// <summary>
/// A stretch of recently appended batches, shared by reference count between the tail cache and its readers. One
/// writer (under the log's lock) appends behind what readers see.
/// </summary>
internal sealed class TailChunk
{
    private readonly TailCacheBudget _budget;
    private byte[] _bytes;
    private bool _isUsed = true;
    private int _references = 1;
    private int _isEvicted;
    private int _length;
    private long _endOffset;

    public TailChunk(TailCacheBudget budget, int capacity, long baseOffset, long segmentBaseOffset, int segmentPosition)
    {
        _bytes = budget.Rent(capacity);
        _budget = budget;
        BaseOffset = _endOffset = baseOffset;
        SegmentBaseOffset = segmentBaseOffset;
        SegmentPosition = segmentPosition;
        Capacity = _bytes.Length;
    }

    public int Capacity { get; }

    public long BaseOffset { get; }

    public long SegmentBaseOffset { get; }

    public int SegmentPosition { get; }

    public long EndOffset => Volatile.Read(ref _endOffset);

    public int Room => Capacity - _length;

    /// <summary>Whether the cache gave the chunk up.</summary>
    public bool IsEvicted => Volatile.Read(ref _isEvicted) != 0;

    /// <summary>Takes a reference; false when the bytes are gone.</summary>
    public bool TryAcquire()
    {
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
                return true;
            references = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            var bytes = _bytes;
            _bytes = [];
            _budget.Return(bytes);
        }
    }

    /// <summary>Whether the chunk was read or appended to since the last call, or is new.</summary>
    public bool TakeUse()
    {
        var used = Volatile.Read(ref _isUsed);
        Volatile.Write(ref _isUsed, false);
        return used && !IsEvicted;
    }

    /// <summary>Gives up the cache's own reference; false when that was done before.</summary>
    public bool Evict()
    {
        if (Interlocked.Exchange(ref _isEvicted, 1) != 0)
            return false;
        Release();
        return true;
    }

    /// <summary>Copies batches behind the others; the caller holds a reference.</summary>
    public void Append(ReadOnlySpan<byte> records, long endOffset)
    {
        Volatile.Write(ref _isUsed, true);
        records.CopyTo(_bytes.AsSpan(_length));
        Volatile.Write(ref _length, _length + records.Length);
        Volatile.Write(ref _endOffset, endOffset);
    }

    /// <summary>The whole batches from the one that holds the offset; the caller holds a reference.</summary>
    public (int Start, int Length, long FirstOffset, long NextOffset) Find(long offset, long upperOffset, int maxBytes, bool minOneMessage)
    {
        Volatile.Write(ref _isUsed, true);
        var bytes = _bytes.AsSpan(0, Volatile.Read(ref _length));
        var start = 0;
        while (start < bytes.Length)
        {
            var header = new BatchHeader(bytes[start..]);
            if (header.LastOffset >= offset)
                break;
            start += header.SizeInBytes;
        }

        if (start == bytes.Length)
            return (0, 0, -1, offset);
        var first = new BatchHeader(bytes[start..]);
        var limit = Math.Min(bytes.Length - start, minOneMessage ? Math.Max(maxBytes, first.SizeInBytes) : maxBytes);
        var (length, next) = LogSegment.WholeBatches(bytes.Slice(start, Math.Max(0, limit)), upperOffset);
        return (start, length, first.BaseOffset, length == 0 ? offset : next);
    }

    public ReadOnlyMemory<byte> Slice(int start, int length) => _bytes.AsMemory(start, length);
}
