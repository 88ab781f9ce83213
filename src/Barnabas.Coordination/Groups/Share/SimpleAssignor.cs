using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>
/// Kafka's assignor "simple" for share groups: every partition goes to as many members as bring a partition to each
/// member, the members share evenly, and what a member has it keeps while that is fair. Pure.
/// </summary>
internal static class SimpleAssignor
{
    public const string Name = "simple";

    /// <summary>A target assignment for every member.</summary>
    /// <param name="subscriptions">The ids of the topics each member reads.</param>
    /// <param name="previous">What each member had.</param>
    /// <param name="assignable">The partitions of each topic that may be assigned.</param>
    public static Dictionary<string, Assignment> Assign(
        IReadOnlyDictionary<string, IReadOnlySet<Uuid>> subscriptions, Func<string, Assignment> previous, IReadOnlyDictionary<Uuid, ImmutableSortedSet<int>> assignable)
    {
        var assigned = subscriptions.Keys.ToDictionary(member => member, _ => new HashSet<(Uuid, int)>(), StringComparer.Ordinal);
        // Topics that the same members read are shared out together.
        var byReaders = assignable.Where(topic => !topic.Value.IsEmpty)
            .Select(topic => (Topic: topic, Readers: subscriptions.Where(member => member.Value.Contains(topic.Key)).Select(member => member.Key).Order(StringComparer.Ordinal).ToList()))
            .Where(topic => topic.Readers.Count > 0)
            .GroupBy(topic => string.Join('\n', topic.Readers), StringComparer.Ordinal)
            .OrderBy(topics => topics.Key, StringComparer.Ordinal);
        foreach (var topics in byReaders)
        {
            var partitions = topics.OrderBy(topic => topic.Topic.Key).SelectMany(topic => topic.Topic.Value.Select(partition => (topic.Topic.Key, partition))).ToList();
            Share(topics.First().Readers, partitions, previous, assigned);
        }

        return assigned.ToDictionary(
            member => member.Key,
            member => Assignment.Of(member.Value.GroupBy(partition => partition.Item1)
                .Select(topic => KeyValuePair.Create(topic.Key, topic.Select(partition => partition.Item2).ToImmutableSortedSet()))),
            StringComparer.Ordinal);
    }

    private static void Share(List<string> readers, List<(Uuid, int)> partitions, Func<string, Assignment> previous, Dictionary<string, HashSet<(Uuid, int)>> assigned)
    {
        // Each partition has this many readers, so that the partitions suffice for all members.
        var sharing = (readers.Count + partitions.Count - 1) / partitions.Count;
        var places = sharing * partitions.Count;
        var free = partitions.ToDictionary(partition => partition, _ => sharing);
        var quotas = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < readers.Count; i++)
        {
            var quota = (int)(((long)places * (i + 1) + readers.Count - 1) / readers.Count) - (int)(((long)places * i + readers.Count - 1) / readers.Count);
            foreach (var topic in previous(readers[i]).Partitions.OrderBy(topic => topic.Key))
            {
                foreach (var partition in topic.Value)
                {
                    if (quota == 0 || !free.TryGetValue((topic.Key, partition), out var left) || left == 0)
                        continue;
                    free[(topic.Key, partition)] = left - 1;
                    assigned[readers[i]].Add((topic.Key, partition));
                    quota--;
                }
            }

            quotas[readers[i]] = quota;
        }

        // The partitions with most places first: otherwise the last of them would meet members that have it already.
        var remaining = new PriorityQueue<(Uuid, int), (int, int)>();
        for (var i = 0; i < partitions.Count; i++)
        {
            if (free[partitions[i]] > 0)
                remaining.Enqueue(partitions[i], (-free[partitions[i]], i));
        }

        while (remaining.TryDequeue(out var partition, out var priority))
        {
            var reader = readers.Where(reader => quotas[reader] > 0 && !assigned[reader].Contains(partition)).MaxBy(reader => quotas[reader]);
            if (reader is null)
                continue;
            assigned[reader].Add(partition);
            quotas[reader]--;
            if (priority.Item1 < -1)
                remaining.Enqueue(partition, (priority.Item1 + 1, priority.Item2));
        }

        // A partition that nobody has room for is still read by somebody.
        foreach (var partition in partitions.Where(partition => !readers.Exists(reader => assigned[reader].Contains(partition))))
            assigned[readers.MinBy(reader => assigned[reader].Count)!].Add(partition);
    }
}
