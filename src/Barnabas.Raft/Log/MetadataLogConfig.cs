namespace Barnabas.Raft.Log;

/// <summary>How the metadata log is cut into segments.</summary>
public sealed record MetadataLogConfig
{
    /// <summary>The largest batch, as in Kafka.</summary>
    public const int MaxBatchBytes = 8 * 1024 * 1024;

    /// <summary>metadata.log.segment.bytes.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>metadata.log.segment.ms.</summary>
    public long SegmentMs { get; init; } = 604_800_000;
}
