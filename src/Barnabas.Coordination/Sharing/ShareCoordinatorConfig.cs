namespace Barnabas.Coordination.Sharing;

/// <summary>The configuration of the share coordinator. Durations in milliseconds.</summary>
public sealed record ShareCoordinatorConfig
{
    /// <summary>share.coordinator.snapshot.update.records.per.snapshot: updates of a share partition between two snapshots.</summary>
    public int UpdatesPerSnapshot { get; init; } = 500;

    /// <summary>share.coordinator.cold.partition.snapshot.interval.ms: how long state stays where it is in the log when nothing writes it.</summary>
    public int ColdPartitionSnapshotIntervalMs { get; init; } = 300_000;

    /// <summary>share.coordinator.state.topic.prune.interval.ms: between removals of what snapshots have made redundant.</summary>
    public int PruneIntervalMs { get; init; } = 300_000;
}
