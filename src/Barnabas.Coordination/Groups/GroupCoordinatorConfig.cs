using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Groups.Share;
using Barnabas.Coordination.Groups.Streams;

namespace Barnabas.Coordination.Groups;

/// <summary>The configuration of the group coordinator. Durations in milliseconds, sizes as said.</summary>
public sealed record GroupCoordinatorConfig
{
    /// <summary>group.min.session.timeout.ms.</summary>
    public required int MinSessionTimeoutMs { get; init; }

    /// <summary>group.max.session.timeout.ms.</summary>
    public required int MaxSessionTimeoutMs { get; init; }

    /// <summary>group.initial.rebalance.delay.ms.</summary>
    public required int InitialRebalanceDelayMs { get; init; }

    /// <summary>group.max.size, members of one group.</summary>
    public required int MaxGroupSize { get; init; }

    /// <summary>How long a JoinGroup of a new member waits before the member is taken for gone. Kafka's constant is five minutes.</summary>
    public int NewMemberJoinTimeoutMs { get; init; } = 5 * 60 * 1000;

    /// <summary>offset.metadata.max.bytes, in UTF-16 units as Kafka counts them.</summary>
    public required int OffsetMetadataMaxSize { get; init; }

    /// <summary>offsets.retention.minutes, in milliseconds.</summary>
    public required long OffsetsRetentionMs { get; init; }

    /// <summary>offsets.retention.check.interval.ms.</summary>
    public required long OffsetsRetentionCheckIntervalMs { get; init; }

    /// <summary>The configuration of KIP-848 groups.</summary>
    public ConsumerGroupConfig Consumer { get; init; } = new();

    /// <summary>The configuration of share groups.</summary>
    public ShareGroupConfig Share { get; init; } = new();

    /// <summary>The configuration of streams groups.</summary>
    public StreamsGroupConfig Streams { get; init; } = new();
}
