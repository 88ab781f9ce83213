namespace Barnabas.Metadata.Image;

/// <summary>Says up to where in the metadata log an image has read.</summary>
/// <param name="LastContainedOffset">The offset of the last record in the image, -1 for none.</param>
/// <param name="LastContainedEpoch">The quorum leader epoch of that record, -1 for none.</param>
/// <param name="LastContainedLogTimeMs">The time that record was appended, in milliseconds since the Unix epoch.</param>
public readonly record struct MetadataProvenance(long LastContainedOffset, int LastContainedEpoch, long LastContainedLogTimeMs)
{
    /// <summary>The provenance of the empty image.</summary>
    public static readonly MetadataProvenance Empty = new(-1, -1, -1);
}
