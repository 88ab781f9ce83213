using Barnabas.Protocol;

namespace Barnabas.Client.Metadata;

/// <summary>One partition as a node sees it.</summary>
public sealed record PartitionMetadata
{
    /// <summary>The partition's number.</summary>
    public required int Partition { get; init; }

    /// <summary>Why there is no leader, or <see cref="ErrorCode.None"/>.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The leader's node id, -1 without one.</summary>
    public required int LeaderId { get; init; }

    /// <summary>The leader's epoch, -1 when the node does not say.</summary>
    public int LeaderEpoch { get; init; } = -1;

    /// <summary>Node ids of all replicas, the preferred leader first.</summary>
    public required IReadOnlyList<int> Replicas { get; init; }

    /// <summary>Node ids of the replicas that are in sync.</summary>
    public required IReadOnlyList<int> InSyncReplicas { get; init; }

    /// <summary>Node ids of the replicas that are offline.</summary>
    public IReadOnlyList<int> OfflineReplicas { get; init; } = [];
}
