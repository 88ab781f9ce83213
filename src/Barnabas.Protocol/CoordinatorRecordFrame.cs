namespace Barnabas.Protocol;

/// <summary>How coordinators' keys and values stand in log records: two bytes of type or version, then the fields.</summary>
public static class CoordinatorRecordFrame
{
    /// <summary>Appends a key: its type number, then its fields (keys have a single version, 0).</summary>
    public static void WriteKey(MessageWriter writer, ICoordinatorKey key)
    {
        writer.WriteInt16(key.RecordType);
        key.Write(writer, 0);
    }

    /// <summary>Appends a value: its version, then its fields.</summary>
    /// <exception cref="UnsupportedVersionException">The version cannot carry a field that is set.</exception>
    public static void WriteValue(MessageWriter writer, ICoordinatorValue value, short version)
    {
        writer.WriteInt16(version);
        value.Write(writer, version);
    }

    /// <summary>The type number at the start of a key.</summary>
    /// <exception cref="MalformedMessageException">The key has fewer than two bytes.</exception>
    public static short ReadType(ReadOnlyMemory<byte> key) => new MessageReader(key).ReadInt16();

    /// <summary>Reads a key after its type number.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no such key.</exception>
    public static void ReadKey(ReadOnlyMemory<byte> bytes, ICoordinatorKey into)
    {
        var reader = new MessageReader(bytes);
        reader.ReadInt16();
        into.Read(ref reader, 0);
    }

    /// <summary>Reads a value and gives the version it was written at.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no such value.</exception>
    /// <exception cref="UnsupportedVersionException">The schema has no such version.</exception>
    public static short ReadValue(ReadOnlyMemory<byte> bytes, ICoordinatorValue into)
    {
        var reader = new MessageReader(bytes);
        var version = reader.ReadInt16();
        into.Read(ref reader, version);
        return version;
    }
}
