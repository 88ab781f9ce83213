using System.Buffers;
using System.Buffers.Binary;
using System.Text;

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
    public MessageWriter(int initialCapacity = 512) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(initialCapacity, 16));

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
            ArrayPool<byte>.Shared.Return(_buffer);
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

    /// <summary>Writes 1 or 0.</summary>
    public void WriteBoolean(bool value) => WriteInt8(value ? (sbyte)1 : (sbyte)0);

    /// <summary>Writes a signed byte.</summary>
    public void WriteInt8(sbyte value) => Claim(1)[0] = (byte)value;

    /// <summary>Writes two bytes.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Claim(2), value);

    /// <summary>Writes two bytes without sign.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Claim(2), value);

    /// <summary>Writes four bytes.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Claim(4), value);

    /// <summary>Writes four bytes without sign.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Claim(4), value);

    /// <summary>Writes eight bytes.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Claim(8), value);

    /// <summary>Writes an IEEE 754 number of eight bytes.</summary>
    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Claim(8), value);

    /// <summary>Writes an id of 16 bytes.</summary>
    public void WriteUuid(Uuid value) => value.WriteTo(Claim(16));

    /// <summary>Writes an unsigned number of seven bits a byte.</summary>
    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            WriteInt8((sbyte)(value | 0x80));
            value >>= 7;
        }
        WriteInt8((sbyte)value);
    }

    /// <summary>Writes an unsigned number of seven bits a byte.</summary>
    public void WriteUnsignedVarlong(ulong value)
    {
        while (value >= 0x80)
        {
            WriteInt8((sbyte)(value | 0x80));
            value >>= 7;
        }
        WriteInt8((sbyte)value);
    }

    /// <summary>Writes a zigzag-encoded number.</summary>
    public void WriteVarint(int value) => WriteUnsignedVarint((uint)((value << 1) ^ (value >> 31)));

    /// <summary>Writes a zigzag-encoded number.</summary>
    public void WriteVarlong(long value) => WriteUnsignedVarlong((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes bytes without a length before them.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value) => value.CopyTo(Claim(value.Length));

    /// <summary>Writes a string.</summary>
    /// <exception cref="MessageEncodingException">The string is null, or longer than 32767 bytes.</exception>
    public void WriteString(bool flexible, string? value, string field)
    {
        if (value is null)
            throw MessageEncodingException.ForNull(field);
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > short.MaxValue)
            throw MessageEncodingException.ForLongString(field, length);
        if (flexible)
            WriteUnsignedVarint((uint)length + 1);
        else
            WriteInt16((short)length);
        Encoding.UTF8.GetBytes(value, Claim(length));
    }

    /// <summary>Writes a string or null.</summary>
    /// <exception cref="MessageEncodingException">The string is longer than 32767 bytes.</exception>
    public void WriteNullableString(bool flexible, string? value, string field)
    {
        if (value is not null)
            WriteString(flexible, value, field);
        else if (flexible)
            WriteUnsignedVarint(0);
        else
            WriteInt16(-1);
    }

    /// <summary>Writes bytes.</summary>
    public void WriteBytes(bool flexible, ReadOnlyMemory<byte> value)
    {
        WriteBytesLength(flexible, value.Length);
        WriteRaw(value.Span);
    }

    /// <summary>Writes bytes or null.</summary>
    public void WriteNullableBytes(bool flexible, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
            WriteBytes(flexible, bytes);
        else
            WriteBytesLength(flexible, -1);
    }

    /// <summary>Writes records or null; large ones are spliced, not copied, and must stay as they are until sent.</summary>
    public void WriteRecords(bool flexible, ReadOnlyMemory<byte>? value)
    {
        WriteBytesLength(flexible, value?.Length ?? -1);
        if (value is not { } records)
            return;
        if (records.Length < SpliceThreshold)
        {
            WriteRaw(records.Span);
            return;
        }
        _splices.Add(new Splice(_position, records));
        _splicedLength = checked(_splicedLength + records.Length);
    }

    private void WriteBytesLength(bool flexible, int length)
    {
        if (flexible)
            WriteUnsignedVarint((uint)(length + 1));
        else
            WriteInt32(length);
    }

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
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private readonly record struct Splice(int At, ReadOnlyMemory<byte> Memory);
}
