using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsumerGroups;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>kafka-streams-groups --reset-offsets.</summary>
internal sealed class StreamsOffsetResetter(VerbContext context, AdminClient admin, StreamsGroupsOptions all, OptionSet options)
{
    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.LongOf(all.Timeout));

    public async Task RunAsync(IReadOnlyList<string> groupIds)
    {
        var results = new SortedDictionary<string, Dictionary<TopicPartition, long>>(StringComparer.Ordinal);
        foreach (var groupId in groupIds)
        {
            var described = (await admin.DescribeStreamsGroupsAsync([groupId], _timeout, context.Stop))[groupId];
            var group = described.Error is { ErrorCode: ErrorCode.GroupIdNotFound } ? null : described.Value;
            if (group is not (null or { State: "Empty" or "Dead" }))
            {
                context.Out.WriteLine($"\nError: Assignments can only be reset if the group '{groupId}' is inactive, but the current state is {group.State}.");
                results[groupId] = [];
                continue;
            }

            var offsets = await PlanAsync(groupId, group);
            if (options.Has(all.Execute))
                await ExecuteAsync(groupId, group, offsets);
            results[groupId] = offsets;
        }

        Print(results);
    }

    private async Task<Dictionary<TopicPartition, long>> PlanAsync(string groupId, StreamsGroupDescription? group)
    {
        var planner = new OffsetPlanner(context, admin, all.Reset, options, _timeout);
        if (options.Has(all.Reset.FromFile))
            return await planner.FromFileAsync(groupId);
        var committed = await GroupOffsets.CommittedAsync(context, admin, groupId, _timeout);
        if (options.Has(all.AllInputTopics))
            return await planner.PlanAsync(group is null ? [] : StreamsGroupOffsets.OfInputTopics(group, committed), committed);
        var partitions = await TopicPartitions.ResolveAsync(admin, options.ValuesOf(all.InputTopic), _timeout, context.Stop);
        if (partitions.TrueForAll(committed.ContainsKey))
            return await planner.PlanAsync(partitions, committed);
        context.Out.WriteLine($"\nError: One or more topics are not part of the group '{groupId}'.");
        return [];
    }

    private async Task ExecuteAsync(string groupId, StreamsGroupDescription? group, Dictionary<TopicPartition, long> offsets)
    {
        if (offsets.Count > 0)
            foreach (var outcome in (await admin.AlterGroupOffsetsAsync(groupId, offsets.ToDictionary(pair => pair.Key, pair => new OffsetAndMetadata(pair.Value)), _timeout, context.Stop)).Values)
                _ = outcome.Value;
        var topics = options.Has(all.DeleteAllInternalTopics) ? group is null ? [] : InternalTopics.Of(group, context.Out) : options.ValuesOf(all.DeleteInternalTopic);
        if (await InternalTopics.DeleteAsync(context, admin, topics, _timeout) is { } error)
            context.Out.WriteLine($"\nError: Deleting internal topics for group '{groupId}' failed " + (error.ErrorCode == ErrorCode.UnknownTopicOrPartition ? "because the topics do not exist." : $"due to {error.Message}"));
    }

    private void Print(SortedDictionary<string, Dictionary<TopicPartition, long>> results)
    {
        if (options.Has(all.Export))
        {
            GroupOffsets.Export(context.Out, results, isSingle: results.Count == 1);
            return;
        }

        context.Out.WriteLine();
        context.Out.WriteLine($"{"GROUP",-30} {"TOPIC",-30} {"PARTITION",-10} {"NEW-OFFSET",-15}");
        foreach (var (groupId, partition, offset) in GroupOffsets.Rows(results))
            context.Out.WriteLine($"{groupId,-30} {partition.Topic,-30} {partition.Partition,-10} {offset,-15}");
    }
}
