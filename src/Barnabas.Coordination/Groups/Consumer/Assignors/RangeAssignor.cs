using System.Collections.Immutable;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// Gives each member a contiguous range of each topic, so that topics of equal partition counts are co-partitioned:
/// a member has the same partition numbers of all of them (KIP-848, "range").
/// </summary>
internal sealed class RangeAssignor : IConsumerGroupPartitionAssignor
{
    public string Name => "range";

    public Dictionary<string, Assignment> Assign(IReadOnlyDictionary<string, MemberSubscription> members, Func<Uuid, int> partitionCount)
    {
        var subscribers = new Dictionary<Uuid, int>();
        foreach (var topicId in members.Values.SelectMany(member => member.TopicIds))
            subscribers[topicId] = subscribers.GetValueOrDefault(topicId) + 1;
        var ranges = subscribers.ToDictionary(topic => topic.Key, topic => new RangeDealer(partitionCount(topic.Key), topic.Value));
        return MemberSubscription.Order(members).ToDictionary(
            memberId => memberId,
            memberId => Assignment.Of(members[memberId].TopicIds.Select(topicId => KeyValuePair.Create(topicId, ranges[topicId].Next()))));
    }

    /// <summary>Deals the partitions of one topic in ranges whose lengths differ by one at most, the longer ones first.</summary>
    private sealed class RangeDealer(int partitions, int members)
    {
        private readonly int _quota = partitions / members;
        private int _longer = partitions % members;
        private int _next;

        public ImmutableSortedSet<int> Next()
        {
            var length = _quota + (_longer-- > 0 ? 1 : 0);
            var range = Enumerable.Range(_next, length).ToImmutableSortedSet();
            _next += length;
            return range;
        }
    }
}
