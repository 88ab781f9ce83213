using System.Globalization;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Framework;

/// <summary>Partitions as people write them: <c>topic</c> for all, <c>topic:0,1</c> for some.</summary>
internal static class TopicPartitions
{
    /// <summary>The partitions that the words name; a topic that does not exist fails.</summary>
    /// <exception cref="VerbException">A word is malformed.</exception>
    /// <exception cref="KafkaException">A topic does not exist.</exception>
    public static async Task<List<TopicPartition>> ResolveAsync(AdminClient admin, IReadOnlyList<string> words, TimeSpan timeout, CancellationToken stop)
    {
        var partitions = words.Where(word => word.Contains(':', StringComparison.Ordinal)).SelectMany(Parse).ToList();
        var topics = words.Where(word => !word.Contains(':', StringComparison.Ordinal)).ToList();
        if (topics.Count > 0)
            foreach (var (topic, described) in await admin.DescribeTopicsAsync(topics, timeout: timeout, cancellationToken: stop))
                partitions.AddRange(described.Value.Partitions.Select(partition => new TopicPartition(topic, partition.Partition)));
        return partitions;
    }

    /// <summary>The partitions of <c>topic:0,1</c>.</summary>
    public static IEnumerable<TopicPartition> Parse(string word)
    {
        var parts = word.Split(':');
        if (parts.Length != 2)
            throw new VerbException($"Invalid topic arg '{word}', expected topic name and partitions");
        return parts[1].Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            ? new TopicPartition(parts[0], partition)
            : throw new VerbException($"Invalid partition '{text}' specified in topic arg '{word}''"));
    }
}
