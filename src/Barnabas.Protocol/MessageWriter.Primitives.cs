using System.Buffers.Binary;

namespace Barnabas.Protocol;

public sealed partial class MessageWriter
{
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
}
