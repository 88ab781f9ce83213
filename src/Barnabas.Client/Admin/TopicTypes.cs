using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Admin;

/// <summary>A topic to create.</summary>
public sealed record NewTopic
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many partitions; -1 takes the cluster's default. Ignored with <see cref="Assignments"/>.</summary>
    public int PartitionCount { get; init; } = -1;

    /// <summary>How many replicas; -1 takes the cluster's default. Ignored with <see cref="Assignments"/>.</summary>
    public short ReplicationFactor { get; init; } = -1;

    /// <summary>Node ids of the replicas by partition, instead of the two counts.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>>? Assignments { get; init; }

    /// <summary>Configuration that differs from the cluster's.</summary>
    public IReadOnlyDictionary<string, string?> Configs { get; init; } = new Dictionary<string, string?>();
}

/// <summary>A topic that was created (or would be, when only validated).</summary>
/// <param name="TopicId">Its id; zero from nodes older than 2.8.</param>
/// <param name="PartitionCount">How many partitions, -1 when the node does not say.</param>
/// <param name="ReplicationFactor">How many replicas, -1 when the node does not say.</param>
/// <param name="Configs">Its configuration; null when the node does not say or we may not know.</param>
public sealed record CreatedTopic(Uuid TopicId, int PartitionCount, short ReplicationFactor, IReadOnlyList<ConfigEntry>? Configs);

/// <summary>A topic in a list.</summary>
public sealed record TopicListing(string Name, Uuid TopicId, bool IsInternal);

/// <summary>A topic with its partitions.</summary>
public sealed record TopicDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its id.</summary>
    public required Uuid TopicId { get; init; }

    /// <summary>Whether Kafka itself writes it.</summary>
    public required bool IsInternal { get; init; }

    /// <summary>Its partitions in the order of their numbers.</summary>
    public required IReadOnlyList<PartitionDescription> Partitions { get; init; }

    /// <summary>A bit per operation we may do, or int.MinValue when it was not asked for.</summary>
    public int AuthorizedOperations { get; init; } = int.MinValue;
}

/// <summary>One partition of a <see cref="TopicDescription"/>.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Leader">The leader, null without one.</param>
/// <param name="Replicas">All replicas, the preferred leader first.</param>
/// <param name="InSyncReplicas">Those in sync.</param>
/// <param name="EligibleLeaderReplicas">KIP-966; null when the node does not say.</param>
/// <param name="LastKnownEligibleLeaderReplicas">KIP-966; null when the node does not say.</param>
/// <param name="LeaderEpoch">The leader's epoch, -1 when the node does not say.</param>
public sealed record PartitionDescription(
    int Partition,
    Node? Leader,
    IReadOnlyList<Node> Replicas,
    IReadOnlyList<Node> InSyncReplicas,
    IReadOnlyList<Node>? EligibleLeaderReplicas,
    IReadOnlyList<Node>? LastKnownEligibleLeaderReplicas,
    int LeaderEpoch);

/// <summary>How many partitions a topic shall have.</summary>
/// <param name="TotalCount">With those it has.</param>
/// <param name="NewAssignments">Node ids of the replicas of each new partition; null lets the controller choose.</param>
public sealed record NewPartitions(int TotalCount, IReadOnlyList<IReadOnlyList<int>>? NewAssignments = null);

internal static class PartitionDescriptions
{
    public static Node NodeOf(IReadOnlyDictionary<int, Node> nodes, int id) => nodes.TryGetValue(id, out var node) ? node : new Node(id, "", -1);

    public static IReadOnlyList<Node> NodesOf(IReadOnlyDictionary<int, Node> nodes, IReadOnlyList<int> ids) => [.. ids.Select(id => NodeOf(nodes, id))];

    public static PartitionDescription Of(PartitionMetadata partition, IReadOnlyDictionary<int, Node> nodes) => new(
        partition.Partition,
        partition.LeaderId < 0 ? null : NodeOf(nodes, partition.LeaderId),
        NodesOf(nodes, partition.Replicas),
        NodesOf(nodes, partition.InSyncReplicas),
        null,
        null,
        partition.LeaderEpoch);
}
