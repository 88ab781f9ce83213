using System.Buffers;
using Barnabas.Protocol.Buffers;
using System.Buffers.Binary;

namespace Barnabas.Protocol;

/// <summary>
/// Writes the primitives of Kafka's protocol into a pooled buffer that grows. Large records are not copied but spliced
/// in: they appear as segments of their own, and their memory must stay as it is until the segments have been used.
/// One owner, one thread at a time; disposing returns the buffer to the pool, after which no segment may be used.
/// </summary>
public sealed partial class MessageWriter : IDisposable
{
    /// <summary>Records below this many bytes are cheaper to copy than to send as a segment.</summary>
    internal const int SpliceThreshold = 4096;

    private readonly List<Splice> _splices = [];
    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private byte[] _buffer;
    private int _position;
    private int _splicedLength;

    /// <summary>A writer whose first buffer holds at least so many bytes.</summary>
    public MessageWriter(int initialCapacity = 512) => _buffer = ByteArrayPool.Instance.Rent(Math.Max(initialCapacity, 16));

    /// <summary>Bytes written, spliced ones included.</summary>
    public int WrittenLength => checked(_position + _splicedLength);

    /// <summary>What has been written, in order. Valid until the next write, reset or disposal.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Segments
    {
        get
        {
            _segments.Clear();
            var from = 0;
            foreach (var splice in _splices)
            {
                if (splice.At > from)
                    _segments.Add(_buffer.AsMemory(from, splice.At - from));
                _segments.Add(splice.Memory);
                from = splice.At;
            }
            if (_position > from)
                _segments.Add(_buffer.AsMemory(from, _position - from));
            return _segments;
        }
    }

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Reset()
    {
        _position = 0;
        _splicedLength = 0;
        _splices.Clear();
        _segments.Clear();
    }

    /// <summary>Copies everything written.</summary>
    /// <exception cref="ArgumentException">The destination is smaller than <see cref="WrittenLength"/>.</exception>
    public void CopyTo(Span<byte> destination)
    {
        foreach (var segment in Segments)
        {
            segment.Span.CopyTo(destination);
            destination = destination[segment.Length..];
        }
    }

    /// <summary>Everything written, in an array of its own.</summary>
    public byte[] ToArray()
    {
        var copy = new byte[WrittenLength];
        CopyTo(copy);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        if (_buffer.Length > 0)
            ByteArrayPool.Instance.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Leaves four bytes for the length of what follows, up to <see cref="EndFrame"/>.</summary>
    /// <returns>The mark to end the frame with.</returns>
    public FrameMark BeginFrame()
    {
        var mark = new FrameMark(_position, WrittenLength + 4);
        WriteInt32(0);
        return mark;
    }

    /// <summary>Fills in the length of the frame.</summary>
    public void EndFrame(FrameMark mark) =>
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(mark.At), WrittenLength - mark.Start);

    private Span<byte> Claim(int length)
    {
        if (_buffer.Length - _position < length)
            Grow(length);
        var claimed = _buffer.AsSpan(_position, length);
        _position += length;
        return claimed;
    }

    private void Grow(int length)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        var needed = checked(_position + length);
        var doubled = (int)Math.Min((long)_buffer.Length * 2, Array.MaxLength);
        var larger = ByteArrayPool.Instance.Rent(Math.Max(needed, doubled));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        ByteArrayPool.Instance.Return(_buffer);
        _buffer = larger;
    }

    private readonly record struct Splice(int At, ReadOnlyMemory<byte> Memory);
}
