using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Metadata;

/// <summary>Turns metadata records into the values of log records and back.</summary>
public static class MetadataRecordSerde
{
    /// <summary>Writes a record with its frame.</summary>
    public static byte[] Serialize(VersionedRecord record)
    {
        using var writer = new MessageWriter(128);
        MetadataRecordFrame.Write(writer, record.Record, record.Version);
        return writer.ToArray();
    }

    /// <summary>Writes records with their frames.</summary>
    public static List<ReadOnlyMemory<byte>> Serialize(IReadOnlyList<VersionedRecord> records)
    {
        var values = new List<ReadOnlyMemory<byte>>(records.Count);
        foreach (var record in records) values.Add(Serialize(record));
        return values;
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvalidDataException">The bytes are no metadata record, or one that this version does not know.</exception>
    public static VersionedRecord Deserialize(ReadOnlyMemory<byte> value)
    {
        try
        {
            return new VersionedRecord(MetadataRecordFrame.Read(value, out var version), version);
        }
        catch (Exception e) when (e is MalformedMessageException or UnsupportedVersionException)
        {
            throw new InvalidDataException($"The metadata log holds a record that this version cannot read: {e.Message}", e);
        }
    }
}
