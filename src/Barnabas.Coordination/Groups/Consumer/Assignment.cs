using System.Collections.Immutable;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>Partitions by topic id. Immutable; no topic stands in it with no partition.</summary>
/// <param name="Partitions">The partitions, ascending, of each topic.</param>
internal sealed record Assignment(ImmutableDictionary<Uuid, ImmutableSortedSet<int>> Partitions)
{
    public static Assignment Empty { get; } = new(ImmutableDictionary<Uuid, ImmutableSortedSet<int>>.Empty);

    public bool IsEmpty => Partitions.IsEmpty;

    /// <summary>Every partition.</summary>
    public IEnumerable<(Uuid TopicId, int Partition)> All => Partitions.SelectMany(topic => topic.Value.Select(partition => (topic.Key, partition)));

    public ImmutableSortedSet<int> this[Uuid topicId] => Partitions.GetValueOrDefault(topicId, []);

    /// <summary>What is in either.</summary>
    public Assignment Union(Assignment other) =>
        new(Partitions.SetItems(other.Partitions.Select(topic => KeyValuePair.Create(topic.Key, this[topic.Key].Union(topic.Value)))));

    public bool Contains(Uuid topicId, int partition) => Partitions.TryGetValue(topicId, out var set) && set.Contains(partition);

    /// <summary>The assignment of these partitions; topics without any are left out.</summary>
    public static Assignment Of(IEnumerable<KeyValuePair<Uuid, ImmutableSortedSet<int>>> partitions) =>
        new(partitions.Where(topic => !topic.Value.IsEmpty).ToImmutableDictionary());

    public bool Equals(Assignment? other) =>
        other is not null && Partitions.Count == other.Partitions.Count && Partitions.All(topic => other[topic.Key].SetEquals(topic.Value));

    public override int GetHashCode() => Partitions.Aggregate(0, (hash, topic) => hash ^ HashCode.Combine(topic.Key, topic.Value.Count));
}
