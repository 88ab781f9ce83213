using System.Buffers.Binary;

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

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining)
            MalformedMessageException.ThrowTooShort(length, Remaining);
        var taken = _span.Slice(_position, length);
        _position += length;
        return taken;
    }
}
