using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>The topics that Kafka Streams made for a group: found by its topology, and by their names.</summary>
internal static partial class InternalTopics
{
    /// <summary>Those of a group; one whose name is none of an internal topic is told of and left out.</summary>
    public static List<string> Of(StreamsGroupDescription group, TextWriter output)
    {
        var sources = group.Subtopologies.SelectMany(part => part.SourceTopics).ToHashSet(StringComparer.Ordinal);
        var topics = new List<string>();
        foreach (var topic in group.Subtopologies.SelectMany(part => part.RepartitionSourceTopics.Concat(part.StateChangelogTopics)).Where(topic => !sources.Contains(topic)).Distinct())
        {
            if (topic.StartsWith(group.GroupId + "-", StringComparison.Ordinal) && Format().IsMatch(topic))
                topics.Add(topic);
            else
                output.WriteLine($"\nError: The internal topic '{topic}' is not inferred as internal and thus will not be deleted with the group '{group.GroupId}'.");
        }

        return topics;
    }

    /// <summary>Deletes topics.</summary>
    /// <returns>The first that failed, if any.</returns>
    public static async Task<KafkaException?> DeleteAsync(VerbContext context, AdminClient admin, IReadOnlyCollection<string> topics, TimeSpan timeout) =>
        topics.Count == 0 ? null : (await admin.DeleteTopicsAsync(topics, timeout: timeout, cancellationToken: context.Stop)).Values.Select(outcome => outcome.Error).FirstOrDefault(error => error is not null);

    [GeneratedRegex("(-changelog|-repartition|-subscription-registration-topic|-subscription-response-topic|.-KTABLE-FK-JOIN-SUBSCRIPTION-(REGISTRATION|RESPONSE)-[0-9]+-topic)$", RegexOptions.CultureInvariant)]
    private static partial Regex Format();
}
