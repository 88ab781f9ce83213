namespace Barnabas.Coordination.Groups.Streams;

/// <summary>The configuration of streams groups (KIP-1071). Durations in milliseconds. A group's own configuration goes before those that it names.</summary>
public sealed record StreamsGroupConfig
{
    /// <summary>group.streams.session.timeout.ms; a group's own <c>streams.session.timeout.ms</c> goes before it.</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>group.streams.heartbeat.interval.ms; a group's own <c>streams.heartbeat.interval.ms</c> goes before it.</summary>
    public int HeartbeatIntervalMs { get; init; } = 5_000;

    /// <summary>group.streams.assignment.interval.ms: the least between two target assignments; a group's own <c>streams.assignment.interval.ms</c> goes before it.</summary>
    public int AssignmentIntervalMs { get; init; } = 1_000;

    /// <summary>group.streams.max.size, members of one group.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>group.streams.num.standby.replicas; a group's own <c>streams.num.standby.replicas</c> goes before it.</summary>
    public int StandbyReplicas { get; init; }

    /// <summary>group.streams.initial.rebalance.delay.ms; a group's own <c>streams.initial.rebalance.delay.ms</c> goes before it.</summary>
    public int InitialRebalanceDelayMs { get; init; } = 3_000;
}
