using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>The offsets of groups, as committed and as a reset plans them.</summary>
internal static class GroupOffsets
{
    /// <summary>What a group has committed.</summary>
    public static async Task<Dictionary<TopicPartition, long>> CommittedAsync(VerbContext context, AdminClient admin, string group, TimeSpan timeout)
    {
        var offsets = (await admin.ListGroupOffsetsAsync(
            new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group] = null }, timeout: timeout, cancellationToken: context.Stop))[group].Value;
        return offsets.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!.Offset);
    }

    /// <summary>All that a reset plans, in order.</summary>
    public static IEnumerable<(string Group, TopicPartition Partition, long Offset)> Rows(SortedDictionary<string, Dictionary<TopicPartition, long>> planned) =>
        planned.SelectMany(group => group.Value.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition)
            .Select(pair => (group.Key, pair.Key, pair.Value)));

    /// <summary>The plan as CSV, which --from-file reads; of a single group without its name.</summary>
    public static void Export(TextWriter output, SortedDictionary<string, Dictionary<TopicPartition, long>> planned, bool isSingle)
    {
        foreach (var (group, partition, offset) in Rows(planned))
            output.WriteLine((isSingle ? "" : ResetPlan.Quote(group) + ",") + $"{ResetPlan.Quote(partition.Topic)},{partition.Partition},{offset}");
        output.WriteLine();
    }
}
