using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Admin;

/// <summary>The nodes of a cluster.</summary>
/// <param name="ClusterId">Its id.</param>
/// <param name="Controller">The controller, null when there is none.</param>
/// <param name="Nodes">Its nodes in the order of their ids.</param>
/// <param name="FencedNodes">Those of them that are fenced, when asked for (KIP-1073).</param>
/// <param name="AuthorizedOperations">A bit per operation we may do, or int.MinValue when it was not asked for.</param>
public sealed record ClusterDescription(string ClusterId, Node? Controller, IReadOnlyList<Node> Nodes, IReadOnlySet<int> FencedNodes, int AuthorizedOperations);

/// <summary>A range of levels of a feature.</summary>
public readonly record struct FeatureRange(short Lowest, short Highest);

/// <summary>The features of a cluster.</summary>
/// <param name="Finalized">In force in the whole cluster: the level twice, for Kafka has a range here.</param>
/// <param name="FinalizedEpoch">The metadata offset as of which they are in force, null when the node does not say.</param>
/// <param name="Supported">What the asked node could do.</param>
public sealed record FeatureDescription(
    IReadOnlyDictionary<string, FeatureRange> Finalized, long? FinalizedEpoch, IReadOnlyDictionary<string, FeatureRange> Supported);

/// <summary>Which way the level of a feature may go; the numbers are the protocol's.</summary>
public enum FeatureUpgradeType : sbyte
{
    /// <summary>Up.</summary>
    Upgrade = 1,

    /// <summary>Down, when no metadata is lost by it.</summary>
    SafeDowngrade = 2,

    /// <summary>Down, whatever is lost.</summary>
    UnsafeDowngrade = 3,
}

/// <summary>A level that a feature shall have; 0 removes it.</summary>
public readonly record struct FeatureUpdate(short MaxLevel, FeatureUpgradeType UpgradeType);

/// <summary>A voter or observer of the metadata quorum.</summary>
/// <param name="ReplicaId">The node id.</param>
/// <param name="DirectoryId">The id of its metadata directory (KIP-853).</param>
/// <param name="LogEndOffset">How far its log reaches.</param>
/// <param name="LastFetchTimestamp">When it last fetched, in milliseconds since 1970, null when not known.</param>
/// <param name="LastCaughtUpTimestamp">When it was last caught up, in milliseconds since 1970, null when not known.</param>
public sealed record QuorumReplica(int ReplicaId, Uuid DirectoryId, long LogEndOffset, long? LastFetchTimestamp, long? LastCaughtUpTimestamp);

/// <summary>Where a controller listens.</summary>
public sealed record QuorumEndpoint(string Listener, string Host, int Port);

/// <summary>The metadata quorum (KIP-595).</summary>
/// <param name="LeaderId">The active controller.</param>
/// <param name="LeaderEpoch">Its epoch.</param>
/// <param name="HighWatermark">How far metadata is committed.</param>
/// <param name="Voters">Who votes.</param>
/// <param name="Observers">Who only reads.</param>
/// <param name="Endpoints">Where voters listen, by node id; empty when the node does not say.</param>
public sealed record QuorumDescription(
    int LeaderId,
    int LeaderEpoch,
    long HighWatermark,
    IReadOnlyList<QuorumReplica> Voters,
    IReadOnlyList<QuorumReplica> Observers,
    IReadOnlyDictionary<int, IReadOnlyList<QuorumEndpoint>> Endpoints);

/// <summary>A replica in a log directory.</summary>
/// <param name="SizeInBytes">What its segments take.</param>
/// <param name="OffsetLag">How far it is behind.</param>
/// <param name="IsFuture">Whether it is moving here from another directory.</param>
public sealed record ReplicaOnDisk(long SizeInBytes, long OffsetLag, bool IsFuture);

/// <summary>A log directory of a broker.</summary>
/// <param name="Error">Why it is offline, null when it is not.</param>
/// <param name="Replicas">What is in it.</param>
/// <param name="TotalBytes">The size of its volume, null when the node does not say.</param>
/// <param name="UsableBytes">What is free on its volume, null when the node does not say.</param>
/// <param name="IsCordoned">Whether no new replicas are placed in it.</param>
public sealed record LogDirectory(
    KafkaException? Error, IReadOnlyDictionary<TopicPartition, ReplicaOnDisk> Replicas, long? TotalBytes, long? UsableBytes, bool IsCordoned);

/// <summary>A producer that wrote to a partition lately.</summary>
/// <param name="ProducerId">Its id.</param>
/// <param name="ProducerEpoch">Its epoch.</param>
/// <param name="LastSequence">The last sequence number it wrote.</param>
/// <param name="LastTimestamp">When it last wrote, in milliseconds since 1970.</param>
/// <param name="CoordinatorEpoch">The epoch of its transaction coordinator, null when not transactional.</param>
/// <param name="CurrentTransactionStartOffset">Where its open transaction starts, null without one.</param>
public sealed record ActiveProducer(long ProducerId, int ProducerEpoch, int LastSequence, long LastTimestamp, int? CoordinatorEpoch, long? CurrentTransactionStartOffset);

/// <summary>How leaders are elected; the numbers are the protocol's.</summary>
public enum ElectionType : sbyte
{
    /// <summary>The first replica of the list.</summary>
    Preferred = 0,

    /// <summary>Any live replica, though it may lack records.</summary>
    Unclean = 1,
}

/// <summary>A reassignment that is under way.</summary>
public sealed record PartitionReassignment(IReadOnlyList<int> Replicas, IReadOnlyList<int> AddingReplicas, IReadOnlyList<int> RemovingReplicas);
