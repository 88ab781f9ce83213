using System.Collections.Immutable;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// Gives members as equal numbers of partitions as their subscriptions allow and moves as few as possible from one
/// assignment to the next (KIP-848, "uniform", the default).
/// </summary>
internal sealed class UniformAssignor : IConsumerGroupPartitionAssignor
{
    public string Name => "uniform";

    public Dictionary<string, Assignment> Assign(IReadOnlyDictionary<string, MemberSubscription> members, Func<Uuid, int> partitionCount)
    {
        var order = members.Keys.Order(StringComparer.Ordinal).ToList();
        var loads = order.ToDictionary(memberId => memberId, _ => new SortedSet<TopicIdPartition>(TopicIdPartitionOrder.Instance));
        var topics = members.Values.SelectMany(member => member.TopicIds).Distinct().ToDictionary(topicId => topicId, partitionCount);

        var free = Keep(members, order, loads, topics);
        Deal(members, order, loads, free);
        Level(members, order, loads);
        return loads.ToDictionary(load => load.Key, load => ToAssignment(load.Value));
    }

    /// <summary>Leaves members what they have and may keep; answers the partitions that nobody has.</summary>
    private static List<TopicIdPartition> Keep(IReadOnlyDictionary<string, MemberSubscription> members, List<string> order, Dictionary<string, SortedSet<TopicIdPartition>> loads, Dictionary<Uuid, int> topics)
    {
        var taken = new HashSet<TopicIdPartition>();
        foreach (var memberId in order)
            foreach (var (topicId, partitions) in members[memberId].Current.Partitions)
                foreach (var partition in partitions)
                    if (members[memberId].TopicIds.Contains(topicId) && partition < topics[topicId] && taken.Add(new TopicIdPartition(topicId, partition)))
                        loads[memberId].Add(new TopicIdPartition(topicId, partition));
        return [.. topics.OrderBy(topic => topic.Key)
            .SelectMany(topic => Enumerable.Range(0, topic.Value).Select(partition => new TopicIdPartition(topic.Key, partition)))
            .Where(partition => !taken.Contains(partition))];
    }

    /// <summary>Each free partition goes to the subscriber with the fewest.</summary>
    private static void Deal(IReadOnlyDictionary<string, MemberSubscription> members, List<string> order, Dictionary<string, SortedSet<TopicIdPartition>> loads, List<TopicIdPartition> free)
    {
        var queues = new Dictionary<Uuid, PriorityQueue<string, (int Load, int Place)>>();
        foreach (var partition in free)
        {
            if (!queues.TryGetValue(partition.TopicId, out var queue))
            {
                queues.Add(partition.TopicId, queue = new PriorityQueue<string, (int, int)>());
                for (var place = 0; place < order.Count; place++)
                    if (members[order[place]].TopicIds.Contains(partition.TopicId))
                        queue.Enqueue(order[place], (loads[order[place]].Count, place));
            }

            // Loads have grown since a member was queued through another topic: put it back at its present place.
            string lightest;
            while (true)
            {
                queue.TryDequeue(out lightest!, out var queued);
                if (queued.Load == loads[lightest].Count)
                {
                    loads[lightest].Add(partition);
                    queue.Enqueue(lightest, (loads[lightest].Count, queued.Place));
                    break;
                }

                queue.Enqueue(lightest, (loads[lightest].Count, queued.Place));
            }
        }
    }

    /// <summary>
    /// Moves partitions from heavier to lighter subscribers until no move brings two members closer. Each move lowers
    /// the sum of the squared loads, so it ends.
    /// </summary>
    private static void Level(IReadOnlyDictionary<string, MemberSubscription> members, List<string> order, Dictionary<string, SortedSet<TopicIdPartition>> loads)
    {
        var moved = true;
        while (moved)
        {
            moved = false;
            foreach (var heavy in order.OrderByDescending(memberId => loads[memberId].Count).ToList())
            {
                foreach (var light in order.OrderBy(memberId => loads[memberId].Count).TakeWhile(light => loads[heavy].Count - loads[light].Count > 1).ToList())
                {
                    while (loads[heavy].Count - loads[light].Count > 1 && LastSharedPartition(loads[heavy], members[light]) is { } partition)
                    {
                        loads[heavy].Remove(partition);
                        loads[light].Add(partition);
                        moved = true;
                    }
                }
            }
        }
    }

    private static TopicIdPartition? LastSharedPartition(SortedSet<TopicIdPartition> load, MemberSubscription to)
    {
        foreach (var partition in load.Reverse())
            if (to.TopicIds.Contains(partition.TopicId))
                return partition;
        return null;
    }

    private static Assignment ToAssignment(SortedSet<TopicIdPartition> partitions) =>
        Assignment.Of(partitions.GroupBy(partition => partition.TopicId)
            .Select(topic => KeyValuePair.Create(topic.Key, topic.Select(partition => partition.Partition).ToImmutableSortedSet())));

    private readonly record struct TopicIdPartition(Uuid TopicId, int Partition);

    private sealed class TopicIdPartitionOrder : IComparer<TopicIdPartition>
    {
        public static readonly TopicIdPartitionOrder Instance = new();

        public int Compare(TopicIdPartition x, TopicIdPartition y)
        {
            var topic = x.TopicId.CompareTo(y.TopicId);
            return topic != 0 ? topic : x.Partition.CompareTo(y.Partition);
        }
    }
}
