using Barnabas.Coordination.Groups.Consumer.Assignors;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>The configuration of KIP-848 groups. Durations in milliseconds. A group's own configuration goes before the two that it names.</summary>
public sealed record ConsumerGroupConfig
{
    /// <summary>group.consumer.session.timeout.ms; a group's own <c>consumer.session.timeout.ms</c> goes before it.</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>group.consumer.heartbeat.interval.ms; a group's own <c>consumer.heartbeat.interval.ms</c> goes before it.</summary>
    public int HeartbeatIntervalMs { get; init; } = 5_000;

    /// <summary>group.consumer.assignment.interval.ms: the least between two target assignments; a group's own <c>consumer.assignment.interval.ms</c> goes before it.</summary>
    public int AssignmentIntervalMs { get; init; } = 1_000;

    /// <summary>group.consumer.migration.policy.</summary>
    public ConsumerGroupMigrationPolicy MigrationPolicy { get; init; } = ConsumerGroupMigrationPolicy.Bidirectional;

    /// <summary>group.consumer.max.size, members of one group.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>group.consumer.assignors by name; the first is the default.</summary>
    /// <exception cref="ArgumentException">A name is of no assignor there is.</exception>
    public IReadOnlyList<string> AssignorNames
    {
        init => Assignors = [.. value.Select(name => Array.Find(Known, assignor => assignor.Name == name)
            ?? throw new ArgumentException($"Invalid value {name} for configuration group.consumer.assignors: there are {string.Join(" and ", Known.Select(assignor => assignor.Name))}."))];
    }

    internal IReadOnlyList<IConsumerGroupPartitionAssignor> Assignors { get; private init; } = Known;

    private static IConsumerGroupPartitionAssignor[] Known { get; } = [new UniformAssignor(), new RangeAssignor()];

    internal IConsumerGroupPartitionAssignor? FindAssignor(string name)
    {
        foreach (var assignor in Assignors)
            if (assignor.Name == name)
                return assignor;
        return null;
    }
}
