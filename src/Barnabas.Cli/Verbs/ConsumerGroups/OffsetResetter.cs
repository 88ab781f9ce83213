using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>kafka-consumer-groups --reset-offsets.</summary>
internal sealed class OffsetResetter(VerbContext context, AdminClient admin, ConsumerGroupsOptions all, OptionSet options)
{
    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.LongOf(all.Timeout));

    public async Task RunAsync(IReadOnlyList<string> groups)
    {
        var result = new SortedDictionary<string, Dictionary<TopicPartition, long>>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var state = await StateAsync(group);
            if (state is not ("Empty" or "Dead"))
            {
                context.Out.WriteLine($"\nError: Assignments can only be reset if the group '{group}' is inactive, but the current state is {state}.");
                result[group] = [];
                continue;
            }

            var offsets = await PlanAsync(group);
            if (options.Has(all.Execute))
                foreach (var outcome in (await admin.AlterGroupOffsetsAsync(group, offsets.ToDictionary(pair => pair.Key, pair => new OffsetAndMetadata(pair.Value)), _timeout, context.Stop)).Values)
                    _ = outcome.Value;
            result[group] = offsets;
        }

        if (options.Has(all.Export))
            GroupOffsets.Export(context.Out, result, isSingle: options.ValuesOf(all.Group).Count == 1);
        else
            Print(result);
    }

    private async Task<string> StateAsync(string group)
    {
        var outcome = (await admin.DescribeConsumerGroupsAsync([group], timeout: _timeout, cancellationToken: context.Stop))[group];
        return outcome.Error is { ErrorCode: ErrorCode.GroupIdNotFound } ? "Dead" : outcome.Value.State;
    }

    private async Task<Dictionary<TopicPartition, long>> PlanAsync(string group)
    {
        var planner = new OffsetPlanner(context, admin, all.Reset, options, _timeout);
        if (options.Has(all.FromFile))
            return await planner.FromFileAsync(group);
        var committed = await GroupOffsets.CommittedAsync(context, admin, group, _timeout);
        var partitions = options.Has(all.AllTopics)
            ? committed.Keys.ToList()
            : await TopicPartitions.ResolveAsync(admin, options.ValuesOf(all.Topic), _timeout, context.Stop);
        return await planner.PlanAsync(partitions, committed);
    }

    private void Print(SortedDictionary<string, Dictionary<TopicPartition, long>> result)
    {
        var rows = GroupOffsets.Rows(result).ToList();
        int[] widths = [rows.Select(row => row.Group.Length).Append(15).Max(), rows.Select(row => row.Partition.Topic.Length).Append(15).Max(), 10, 0];
        context.Out.WriteLine();
        context.Out.WriteLine(Columns.Line(widths, ["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"]));
        foreach (var (group, partition, offset) in rows)
            context.Out.WriteLine(Columns.Line(widths, [group, partition.Topic, partition.Partition.ToString(CultureInfo.InvariantCulture), offset.ToString(CultureInfo.InvariantCulture)]));
    }
}
