using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>Where streams groups stand in the topics that they read.</summary>
internal static class StreamsGroupOffsets
{
    /// <summary>The partitions that the group has offsets of, of topics that its topology reads and did not make.</summary>
    public static List<TopicPartition> OfInputTopics(StreamsGroupDescription group, Dictionary<TopicPartition, long> committed)
    {
        var sources = group.Subtopologies.SelectMany(part => part.SourceTopics).ToHashSet(StringComparer.Ordinal);
        return [.. committed.Keys.Where(partition => sources.Contains(partition.Topic))];
    }
}
