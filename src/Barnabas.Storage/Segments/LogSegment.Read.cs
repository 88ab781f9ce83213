using Barnabas.Protocol.Buffers;
using Barnabas.Storage.Indexes;

namespace Barnabas.Storage.Segments;

internal sealed partial class LogSegment
{
    private const int ProbeBytes = 4096;

    // Below, a copy costs less than what a socket does for each page of a file.
    private const int LeastFileBytes = 256 * 1024;

    // Where batches are smaller on average, reading them all costs less than looking at each head.
    private const int LeastBatchBytes = 8 * 1024;

    // What so many are on average, the rest will be.
    private const int EnoughBatches = 8;

    // As far as who reads on and on is read ahead for: the disk works while the network does.
    private const int ReadAheadBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Reads whole batches from the one that holds the offset; null when the segment ends before it. No batch that
    /// begins at or after <paramref name="upperOffset"/> is returned.
    /// </summary>
    public SegmentRead? Read(long offset, long upperOffset, int maxBytes, bool minOneMessage, bool mayBeInFile = false)
    {
        var end = Size;
        if (FindBatch(offset, end) is not { } found)
            return null;
        if (found.Offset >= upperOffset)
            return new SegmentRead(found.Offset, found.Position, [], 0, 0, offset, false);
        var wanted = Math.Min(maxBytes, end - found.Position);
        if (wanted < found.Size)
        {
            if (!minOneMessage)
                return new SegmentRead(found.Offset, found.Position, [], 0, 0, offset, true);
            wanted = found.Size;
        }

        var askedTo = 0;
        if (wanted >= LeastFileBytes)
        {
            askedTo = ReadAhead(found.Position, wanted, end);
            if (mayBeInFile && ReadFromFile(found, wanted, upperOffset, askedTo) is { } inFile)
                return inFile;
        }

        var buffer = ByteArrayPool.Instance.Rent(wanted);
        try
        {
            var read = LogFile().Read(buffer.AsSpan(0, wanted), found.Position);
            var (length, next) = WholeBatches(buffer.AsSpan(0, read), upperOffset);
            if (length > 0)
                _hint = new ReadHint(next, found.Position + length, askedTo);
            var result = new SegmentRead(found.Offset, found.Position, buffer, 0, length, next, false);
            buffer = null;
            return result;
        }
        finally
        {
            if (buffer is not null)
                ByteArrayPool.Instance.Return(buffer);
        }
    }

    // The system's own reading ahead is misled by the heads of batches that are looked at in between. Returns how far was asked for.
    private int ReadAhead(int position, int wanted, int end)
    {
        var hint = _hint;
        var goesOn = hint?.Position == position;
        long from = goesOn ? Math.Max(hint!.AskedTo, position) : position;
        var needed = (long)position + wanted + (goesOn ? ReadAheadBytes / 2 : 0);
        if (needed <= from)
            return (int)from;
        var to = Math.Min(end, goesOn ? Math.Max(needed, from + ReadAheadBytes) : needed);
        if (to > from)
            LogFile().WillNeed(from, to - from);
        return (int)Math.Max(from, to);
    }

    // Null where it is not worth it.
    private SegmentRead? ReadFromFile(BatchLocation found, int wanted, long upperOffset, int askedTo)
    {
        var file = LogFile();
        if (file.Handle is not { } handle)
            return null;
        var (length, next, batches) = (0, -1L, 0);
        using var scanner = Scan(found.Position, BatchHeader.Size);
        while (scanner.MoveNext() && scanner.NextPosition - found.Position <= wanted && scanner.Header.BaseOffset < upperOffset)
        {
            next = scanner.Header.NextOffset;
            length = (int)(scanner.NextPosition - found.Position);
            if (++batches >= EnoughBatches && length / batches < LeastBatchBytes)
                return null;
        }

        if (length < LeastFileBytes)
            return null;
        _hint = new ReadHint(next, found.Position + length, askedTo);
        return new SegmentRead(found.Offset, found.Position, [], 0, length, next, false, new SegmentMemory(file, handle, found.Position, length));
    }

    /// <summary>The position and head of the first batch whose last offset is at or above the offset.</summary>
    public BatchLocation? FindBatch(long offset, int end)
    {
        var hint = _hint;
        var position = hint is not null && hint.Offset == offset && hint.Position < end ? hint.Position : Offsets.Lookup(offset).Position;
        var probe = ByteArrayPool.Instance.Rent(ProbeBytes);
        try
        {
            var probeStart = position;
            var probeLength = 0;
            while (end - position >= BatchHeader.Size)
            {
                if (position + BatchHeader.Size > probeStart + probeLength)
                {
                    probeStart = position;
                    probeLength = LogFile().Read(probe.AsSpan(0, Math.Min(ProbeBytes, end - position)), position);
                    if (probeLength < BatchHeader.Size)
                        return null;
                }

                var header = new BatchHeader(probe.AsSpan(position - probeStart));
                var size = header.SizeInBytes;
                if (size < BatchHeader.Size || size > end - position)
                    throw new InvalidDataException($"{LogPath} holds no batch at position {position}");
                if (header.LastOffset >= offset)
                    return new BatchLocation(header.BaseOffset, header.LastOffset, position, size, header.MaxTimestamp, header.PartitionLeaderEpoch);
                position += size;
            }

            return null;
        }
        finally
        {
            ByteArrayPool.Instance.Return(probe);
        }
    }

    /// <summary>The offset after the segment's last batch; the base offset when it is empty.</summary>
    public long ReadNextOffset()
    {
        var next = BaseOffset;
        using var scanner = Scan(Offsets.LastEntry.Position, ProbeBytes);
        while (scanner.MoveNext())
            next = scanner.Header.NextOffset;
        return next;
    }

    /// <summary>Walks the batches from a position.</summary>
    public BatchScanner Scan(int position = 0, int windowBytes = 256 * 1024) => new(LogFile(), position, Size, windowBytes);

    /// <summary>The largest timestamp after the last time index entry, when that index was not closed properly.</summary>
    public void LoadLargestTimestamp()
    {
        var last = Times.LastEntry;
        var largest = last;
        using (var scanner = Scan(Offsets.Lookup(last.Offset).Position, ProbeBytes))
        {
            while (scanner.MoveNext())
            {
                if (scanner.Header.MaxTimestamp > largest.Timestamp)
                    largest = new TimestampOffset(scanner.Header.MaxTimestamp, scanner.Header.LastOffset);
            }
        }

        _maxTimestamp = largest;
    }

    /// <summary>Length of the whole batches that begin below the limit, and the offset after them.</summary>
    internal static (int Length, long NextOffset) WholeBatches(ReadOnlySpan<byte> bytes, long upperOffset)
    {
        var at = 0;
        long next = -1;
        while (bytes.Length - at >= BatchHeader.Size)
        {
            var header = new BatchHeader(bytes[at..]);
            var size = header.SizeInBytes;
            if (size > bytes.Length - at || header.BaseOffset >= upperOffset)
                break;
            next = header.NextOffset;
            at += size;
        }

        return (at, next);
    }
}

/// <summary>Where a batch is and what its head says.</summary>
internal readonly record struct BatchLocation(long Offset, long LastOffset, int Position, int Size, long MaxTimestamp, int LeaderEpoch);

/// <summary>What a segment read: a rented array (empty when nothing fits) and the range of batches in it, or a range of the file.</summary>
internal readonly record struct SegmentRead(long FirstOffset, int Position, byte[] Buffer, int Start, int Length, long NextOffset, bool FirstEntryIncomplete, SegmentMemory? File = null);
