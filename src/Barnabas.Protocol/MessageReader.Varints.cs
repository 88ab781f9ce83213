namespace Barnabas.Protocol;

public ref partial struct MessageReader
{
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
}
