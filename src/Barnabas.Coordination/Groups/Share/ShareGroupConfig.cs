namespace Barnabas.Coordination.Groups.Share;

/// <summary>The configuration of share groups (KIP-932). Durations in milliseconds. A group's own configuration goes before those that it names.</summary>
public sealed record ShareGroupConfig
{
    /// <summary>group.share.session.timeout.ms; a group's own <c>share.session.timeout.ms</c> goes before it.</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>group.share.heartbeat.interval.ms; a group's own <c>share.heartbeat.interval.ms</c> goes before it.</summary>
    public int HeartbeatIntervalMs { get; init; } = 5_000;

    /// <summary>group.share.assignment.interval.ms: the least between two target assignments; a group's own <c>share.assignment.interval.ms</c> goes before it.</summary>
    public int AssignmentIntervalMs { get; init; } = 1_000;

    /// <summary>group.share.max.size, members of one group.</summary>
    public int MaxSize { get; init; } = 200;

    /// <summary>group.share.initialize.retry.interval.ms: how long the state of partitions may take to begin before it is tried again.</summary>
    public int InitializeRetryIntervalMs { get; init; } = 30_000;
}
