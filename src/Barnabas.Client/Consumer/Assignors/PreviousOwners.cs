using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>Who reads what so far, where claims that contradict each other are settled by generation.</summary>
internal sealed class PreviousOwners
{
    public required Dictionary<string, List<TopicPartition>> Owned { get; init; }

    /// <summary>Partitions that two members claim in the same generation: neither keeps them.</summary>
    public required HashSet<TopicPartition> Contested { get; init; }

    public required int MaxGeneration { get; init; }

    public static PreviousOwners Find(
        List<string> order, IReadOnlyDictionary<string, int> partitionCounts, IReadOnlyDictionary<string, MemberSubscription> members, Func<MemberSubscription, MemberData> dataOf)
    {
        var owned = new Dictionary<string, List<TopicPartition>>();
        var owner = new Dictionary<TopicPartition, string>();
        var contested = new HashSet<TopicPartition>();
        var max = StickyAssignorBase.NoGeneration;
        foreach (var member in order)
        {
            var data = dataOf(members[member]);
            var generation = data.Generation ?? StickyAssignorBase.NoGeneration;
            max = Math.Max(max, generation);
            var mine = owned[member] = [];
            foreach (var partition in data.Partitions)
            {
                if (!partitionCounts.ContainsKey(partition.Topic)) continue;
                if (!owner.TryGetValue(partition, out var other))
                {
                    mine.Add(partition);
                    owner[partition] = member;
                    continue;
                }

                var otherGeneration = members[other].GenerationId ?? StickyAssignorBase.NoGeneration;
                if (generation < otherGeneration) continue;
                if (generation == otherGeneration) contested.Add(partition);
                else mine.Add(partition);
                owned[other].Remove(partition);
                owner[partition] = member;
            }
        }

        return new PreviousOwners { Owned = owned, Contested = contested, MaxGeneration = max };
    }
}
