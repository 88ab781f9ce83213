using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>Decides, at the group's leader, who reads which partitions. One instance per consumer.</summary>
internal interface IPartitionAssignor
{
    /// <summary>The name under which members agree on it.</summary>
    string Name { get; }

    /// <summary>Whether members may keep their partitions while joining (KIP-429).</summary>
    bool SupportsCooperative { get; }

    /// <summary>What this member tells the leader besides its topics.</summary>
    ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<string> topics);

    /// <summary>Gives each member its partitions.</summary>
    /// <param name="partitionCounts">How many partitions each topic has; topics that do not exist are missing.</param>
    /// <param name="partitionRacks">In which racks each partition has replicas; partitions in none may be missing.</param>
    /// <param name="members">What the members want.</param>
    IReadOnlyDictionary<string, ConsumerProtocolAssignment> Assign(
        IReadOnlyDictionary<string, int> partitionCounts, IReadOnlyDictionary<TopicPartition, IReadOnlySet<string>> partitionRacks, IReadOnlyDictionary<string, MemberSubscription> members);

    /// <summary>This member's own part of the outcome.</summary>
    void OnAssignment(ConsumerProtocolAssignment assignment, int generation);
}
