namespace Barnabas.Client.Admin;

/// <summary>Which offset of a partition is asked for.</summary>
public readonly record struct OffsetSpec
{
    private OffsetSpec(long timestamp) => Timestamp = timestamp;

    /// <summary>What ListOffsets carries: a time in milliseconds since 1970, or a negative special.</summary>
    public long Timestamp { get; }

    /// <summary>The first offset that is there.</summary>
    public static OffsetSpec Earliest => new(-2);

    /// <summary>The offset the next record will get (of those readable at the isolation level).</summary>
    public static OffsetSpec Latest => new(-1);

    /// <summary>The offset of the record with the largest timestamp (KIP-734).</summary>
    public static OffsetSpec MaxTimestamp => new(-3);

    /// <summary>The first offset that is on the broker's own disk (KIP-405).</summary>
    public static OffsetSpec EarliestLocal => new(-4);

    /// <summary>The last offset in tiered storage (KIP-1005).</summary>
    public static OffsetSpec LatestTiered => new(-5);

    /// <summary>The first offset not yet copied to tiered storage (KIP-1023).</summary>
    public static OffsetSpec EarliestPendingUpload => new(-6);

    /// <summary>The first offset whose timestamp is at or after a time in milliseconds since 1970.</summary>
    public static OffsetSpec ForTimestamp(long milliseconds) => new(milliseconds);

    /// <summary>The lowest version of ListOffsets that knows it.</summary>
    internal short LowestVersion => Timestamp switch
    {
        -3 => 7,
        -4 => 8,
        -5 => 9,
        -6 => 11,
        _ => 1,
    };
}

/// <summary>What ListOffsets found.</summary>
/// <param name="Offset">The offset, -1 when no record matches.</param>
/// <param name="Timestamp">The record's timestamp in milliseconds since 1970, -1 when it was not asked by time.</param>
/// <param name="LeaderEpoch">The epoch of the leader that wrote it, -1 when the node does not say.</param>
public sealed record ListedOffset(long Offset, long Timestamp, int LeaderEpoch);
