using System.Buffers.Binary;
using System.Text;

namespace Barnabas.Protocol;

/// <summary>
/// Reads the primitives of Kafka's protocol from one piece of memory. Bytes and records come out as slices of it,
/// never as copies. Every size is checked against the bytes that are left before anything is allocated for it.
/// </summary>
public ref partial struct MessageReader
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private int _position;

    /// <summary>A reader at the start of the memory, which must outlive what is read.</summary>
    public MessageReader(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        _span = memory.Span;
        _position = 0;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _span.Length - _position;

    /// <summary>Reads a byte that is 0 for false, anything else for true.</summary>
    public bool ReadBoolean() => ReadInt8() != 0;

    /// <summary>Reads a signed byte.</summary>
    public sbyte ReadInt8()
    {
        if (Remaining < 1)
            MalformedMessageException.ThrowTooShort(1, Remaining);
        return (sbyte)_span[_position++];
    }

    /// <summary>Reads two bytes.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    /// <summary>Reads two bytes without sign.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>Reads four bytes.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads four bytes without sign.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Reads eight bytes.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads an IEEE 754 number of eight bytes.</summary>
    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads an id of 16 bytes.</summary>
    public Uuid ReadUuid() => Uuid.FromBytes(Take(16));

    /// <summary>Reads an unsigned number of seven bits a byte, at most five bytes.</summary>
    public uint ReadUnsignedVarint()
    {
        // Most are lengths and counts below 128.
        var at = _position;
        if ((uint)at < (uint)_span.Length && _span[at] < 0x80)
        {
            _position = at + 1;
            return _span[at];
        }
        return ReadLongerVarint();
    }

    /// <summary>Reads an unsigned number of seven bits a byte, at most ten bytes.</summary>
    public ulong ReadUnsignedVarlong()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = (byte)ReadInt8();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        MalformedMessageException.ThrowVarint("Varlong");
        return 0;
    }

    /// <summary>Reads a zigzag-encoded number, at most five bytes.</summary>
    public int ReadVarint()
    {
        var value = ReadUnsignedVarint();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    /// <summary>Reads a zigzag-encoded number, at most ten bytes.</summary>
    public long ReadVarlong()
    {
        var value = ReadUnsignedVarlong();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads bytes as a slice.</summary>
    public ReadOnlyMemory<byte> ReadMemory(int length)
    {
        if ((uint)length > (uint)Remaining)
            MalformedMessageException.ThrowTooShort(length, Remaining);
        var slice = _memory.Slice(_position, length);
        _position += length;
        return slice;
    }

    /// <summary>Reads a string that may not be null.</summary>
    public string ReadString(bool flexible, string field)
    {
        var length = ReadStringLength(flexible, field);
        if (length < 0)
            MalformedMessageException.ThrowNull(field);
        return length == 0 ? "" : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads a string or null.</summary>
    public string? ReadNullableString(bool flexible)
    {
        var length = ReadStringLength(flexible, "string");
        return length < 0 ? null : length == 0 ? "" : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads a string that is likely to come again, such as a topic's name, without making it anew each time.</summary>
    internal string ReadName(bool flexible, string field)
    {
        var length = ReadStringLength(flexible, field);
        if (length < 0)
            MalformedMessageException.ThrowNull(field);
        return length == 0 ? "" : NameCache.Get(Take(length));
    }

    /// <summary>Reads a string or null that is likely to come again.</summary>
    internal string? ReadNullableName(bool flexible)
    {
        var length = ReadStringLength(flexible, "string");
        return length < 0 ? null : length == 0 ? "" : NameCache.Get(Take(length));
    }

    /// <summary>Reads bytes that may not be null, as a slice.</summary>
    public ReadOnlyMemory<byte> ReadBytes(bool flexible, string field)
    {
        var length = ReadBytesLength(flexible, field);
        if (length < 0)
            MalformedMessageException.ThrowNull(field);
        return ReadMemory(length);
    }

    /// <summary>Reads bytes or null, as a slice.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes(bool flexible)
    {
        var length = ReadBytesLength(flexible, "bytes");
        // A bare null would become empty memory, by the conversion from arrays.
        return length < 0 ? default(ReadOnlyMemory<byte>?) : ReadMemory(length);
    }

    private uint ReadLongerVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = (byte)ReadInt8();
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        MalformedMessageException.ThrowVarint("Varint");
        return 0;
    }

    private int ReadStringLength(bool flexible, string field)
    {
        var length = flexible ? (long)ReadUnsignedVarint() - 1 : ReadInt16();
        if (length is < -1 or > short.MaxValue)
            MalformedMessageException.ThrowLength(field, length);
        return (int)length;
    }

    private int ReadBytesLength(bool flexible, string field)
    {
        var length = flexible ? (long)ReadUnsignedVarint() - 1 : ReadInt32();
        if (length is < -1 or > int.MaxValue)
            MalformedMessageException.ThrowLength(field, length);
        return (int)length;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining)
            MalformedMessageException.ThrowTooShort(length, Remaining);
        var taken = _span.Slice(_position, length);
        _position += length;
        return taken;
    }
}
