using Barnabas.Protocol.Buffers;
using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Segments;

/// <summary>
/// Walks the batches of a segment file forward through one pooled window, for recovery, replay and look-ups in time.
/// Not thread-safe. Holds at most one window and, on request, the largest batch.
/// </summary>
internal sealed class BatchScanner : IDisposable
{
    private const int WindowBytes = 256 * 1024;

    private readonly IDiskFile _file;
    private readonly long _end;
    private byte[] _window;
    private long _windowStart;
    private int _windowLength;

    public BatchScanner(IDiskFile file, long start, long end, int windowBytes = WindowBytes)
    {
        _file = file;
        _end = end;
        NextPosition = start;
        _window = ByteArrayPool.Instance.Rent((int)Math.Clamp(end - start, BatchHeader.Size, windowBytes));
    }

    /// <summary>Where the current batch begins.</summary>
    public long Position { get; private set; }

    /// <summary>Where the next batch begins; after an unsuccessful <see cref="MoveNext"/> the end of what was whole.</summary>
    public long NextPosition { get; private set; }

    /// <summary>The current batch's head.</summary>
    public BatchHeader Header => new(_window.AsSpan((int)(Position - _windowStart), BatchHeader.Size));

    /// <summary>Steps to the next batch that lies wholly inside the file; false at the end or at bytes that are no batch.</summary>
    public bool MoveNext()
    {
        if (_end - NextPosition < BatchHeader.Size || !Load(NextPosition, BatchHeader.Size))
            return false;
        var header = new BatchHeader(_window.AsSpan((int)(NextPosition - _windowStart), BatchHeader.Size));
        var size = header.SizeInBytes;
        if (header.Magic < 2 && size >= OldFormat.SmallestMessage && NextPosition + size <= _end
            && Load(NextPosition, size) && OldFormat.IsMessage(_window.AsSpan((int)(NextPosition - _windowStart), size)))
            throw new InvalidDataException($"{_file.Path} holds messages of format v{header.Magic} at position {NextPosition}; Barnabas reads v2 (Kafka 0.11 and later) alone");
        header = new BatchHeader(_window.AsSpan((int)(NextPosition - _windowStart), BatchHeader.Size));
        if (header.Magic != 2 || size < BatchHeader.Size || size > _end - NextPosition || header.LastOffsetDelta < 0)
            return false;
        Position = NextPosition;
        NextPosition += size;
        return true;
    }

    /// <summary>The current batch with all its bytes, valid until the next call.</summary>
    public ReadOnlyMemory<byte> ReadBatch()
    {
        var size = (int)(NextPosition - Position);
        return Load(Position, size)
            ? _window.AsMemory((int)(Position - _windowStart), size)
            : throw new IOException($"{_file.Path} ended inside the batch at position {Position}");
    }

    /// <summary>Whether the current batch's checksum holds.</summary>
    public bool IsCrcValid()
    {
        var batch = ReadBatch().Span;
        return Crc32C.Compute(batch[BatchHeader.AttributesPosition..]) == new BatchHeader(batch).Crc;
    }

    public void Dispose()
    {
        var window = _window;
        _window = [];
        if (window.Length > 0)
            ByteArrayPool.Instance.Return(window);
    }

    private bool Load(long position, int size)
    {
        if (position >= _windowStart && position + size <= _windowStart + _windowLength)
            return true;
        if (size > _window.Length)
        {
            ByteArrayPool.Instance.Return(_window);
            _window = ByteArrayPool.Instance.Rent(size);
        }

        _windowStart = position;
        _windowLength = _file.Read(_window.AsSpan(0, (int)Math.Min(_window.Length, _end - position)), position);
        return _windowLength >= size;
    }
}
