using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer.Assignors;

/// <summary>Spreads the partitions of a KIP-848 group's topics over its members. Pure; the same input gives the same output.</summary>
internal interface IConsumerGroupPartitionAssignor
{
    /// <summary>The name by which members and <c>group.consumer.assignors</c> ask for it.</summary>
    string Name { get; }

    /// <summary>The target assignment of each member; a member without partitions stands in it with an empty one.</summary>
    /// <param name="members">The members by id.</param>
    /// <param name="partitionCount">The number of partitions of a topic that some member subscribes to.</param>
    Dictionary<string, Assignment> Assign(IReadOnlyDictionary<string, MemberSubscription> members, Func<Uuid, int> partitionCount);
}
