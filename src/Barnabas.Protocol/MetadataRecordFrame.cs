using Barnabas.Protocol.Messages;

namespace Barnabas.Protocol;

/// <summary>How a metadata record stands in the value of a log record: frame version, type, version, then its fields.</summary>
public static class MetadataRecordFrame
{
    private const uint FrameVersion = 1;

    /// <summary>Appends the record with its frame.</summary>
    /// <exception cref="UnsupportedVersionException">The version cannot carry a field that is set.</exception>
    public static void Write(MessageWriter writer, IMetadataRecord record, short version)
    {
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint((uint)record.RecordType);
        writer.WriteUnsignedVarint((uint)version);
        record.Write(writer, version);
    }

    /// <summary>Reads a record of <c>__cluster_metadata</c> with its frame, and the version it was written at.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no such record.</exception>
    /// <exception cref="UnsupportedVersionException">No schema has the record's type or version.</exception>
    public static IMetadataRecord Read(ReadOnlyMemory<byte> value, out short version)
    {
        var reader = new MessageReader(value);
        var frame = reader.ReadUnsignedVarint();
        if (frame != FrameVersion)
            throw new MalformedMessageException($"Could not deserialize metadata record due to unexpected frame version {frame}. Frame version {FrameVersion} is expected");
        var type = reader.ReadUnsignedVarint();
        var written = reader.ReadUnsignedVarint();
        var record = type <= (uint)short.MaxValue ? MetadataRecordCatalog.New((int)type) : null;
        if (record is null || written > (uint)short.MaxValue)
            throw new UnsupportedVersionException($"Unknown metadata id {type}");
        version = (short)written;
        record.Read(ref reader, version);
        if (reader.Remaining > 0)
            throw new MalformedMessageException($"Found {reader.Remaining} byte(s) of garbage after metadata record {type}");
        return record;
    }
}
