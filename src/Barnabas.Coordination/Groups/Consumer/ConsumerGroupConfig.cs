using Barnabas.Coordination.Groups.Consumer.Assignors;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>The configuration of KIP-848 groups. Durations in milliseconds. A group's own configuration goes before the two that it names.</summary>
public sealed record ConsumerGroupConfig
{
    /// <summary>group.consumer.session.timeout.ms; a group's own <c>consumer.session.timeout.ms</c> goes before it.</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>group.consumer.heartbeat.interval.ms; a group's own <c>consumer.heartbeat.interval.ms</c> goes before it.</summary>
    public int HeartbeatIntervalMs { get; init; } = 5_000;

    /// <summary>group.consumer.max.size, members of one group.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>The assignors in the order of group.consumer.assignors; the first is the default.</summary>
    internal IReadOnlyList<IConsumerGroupPartitionAssignor> Assignors { get; init; } = [new UniformAssignor(), new RangeAssignor()];

    internal IConsumerGroupPartitionAssignor? FindAssignor(string name)
    {
        foreach (var assignor in Assignors)
            if (assignor.Name == name)
                return assignor;
        return null;
    }
}
