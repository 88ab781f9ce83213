namespace Barnabas.Coordination.Groups.Offsets;

/// <summary>Since when the offsets of a group count as unused.</summary>
internal sealed class OffsetExpiration
{
    /// <summary>Each since its own commit.</summary>
    public static readonly OffsetExpiration SinceCommit = new(null);

    private readonly long? _sinceMs;

    private OffsetExpiration(long? sinceMs) => _sinceMs = sinceMs;

    /// <summary>All since <paramref name="sinceMs"/>, when the group became empty.</summary>
    public static OffsetExpiration Since(long sinceMs) => new(sinceMs);

    /// <summary>Whether the offset has expired. An expiry time that the client set decides alone.</summary>
    public bool IsExpired(OffsetAndMetadata offset, long nowMs, long retentionMs) =>
        offset.ExpireTimestampMs is { } expireMs
            ? nowMs >= expireMs
            : nowMs - (_sinceMs ?? offset.CommitTimestampMs) >= retentionMs;
}
