using System.Text;

namespace Barnabas.Protocol;

public ref partial struct MessageReader
{
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
}
