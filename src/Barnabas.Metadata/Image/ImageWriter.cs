using Barnabas.Protocol;

namespace Barnabas.Metadata.Image;

/// <summary>A metadata record and the version it is written in.</summary>
/// <param name="Record">The record.</param>
/// <param name="Version">The schema version.</param>
public readonly record struct VersionedRecord(IMetadataRecord Record, short Version);

/// <summary>Collects the records that make up an image.</summary>
internal sealed class ImageWriter(short metadataVersion)
{
    internal short MetadataVersion { get; } = metadataVersion;

    internal List<VersionedRecord> Records { get; } = [];

    internal void Write(IMetadataRecord record, short version = 0) => Records.Add(new VersionedRecord(record, version));
}
