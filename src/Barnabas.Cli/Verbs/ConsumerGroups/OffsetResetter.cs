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
            Export(result);
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
        if (options.Has(all.FromFile))
        {
            var plan = ResetPlan.Read(options.Required(all.FromFile), options.ValuesOf(all.Group) is [var only] ? only : null);
            return await CheckRangeAsync(plan.GetValueOrDefault(group) ?? []);
        }

        var committed = await CommittedAsync(group);
        var partitions = options.Has(all.AllTopics)
            ? committed.Keys.ToList()
            : await TopicPartitions.ResolveAsync(admin, options.ValuesOf(all.Topic), _timeout, context.Stop);
        if (options.Has(all.ToOffset))
            return await CheckRangeAsync(partitions.ToDictionary(partition => partition, _ => options.LongOf(all.ToOffset)));
        if (options.Has(all.ToEarliest))
            return await ListAsync(partitions, OffsetSpec.Earliest);
        if (options.Has(all.ToLatest))
            return await ListAsync(partitions, OffsetSpec.Latest);
        if (options.Has(all.ShiftBy))
            return await CheckRangeAsync(partitions.ToDictionary(partition => partition, partition => committed.TryGetValue(partition, out var offset)
                ? offset + options.LongOf(all.ShiftBy)
                : throw new VerbException($"Cannot shift offset for partition {partition} since there is no current committed offset")));
        if (options.Has(all.ToCurrent))
            return await ToCurrentAsync(partitions, committed);
        var timestamp = options.Has(all.ToDatetime)
            ? ResetTimes.ParseDateTime(options.Required(all.ToDatetime))
            : ResetTimes.Before(context.Time.GetUtcNow(), options.Required(all.ByDuration));
        return await AtTimeAsync(partitions, timestamp);
    }

    private async Task<Dictionary<TopicPartition, long>> CommittedAsync(string group)
    {
        var offsets = (await admin.ListGroupOffsetsAsync(
            new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group] = null }, timeout: _timeout, cancellationToken: context.Stop))[group].Value;
        return offsets.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!.Offset);
    }

    private async Task<Dictionary<TopicPartition, long>> ListAsync(IReadOnlyCollection<TopicPartition> partitions, OffsetSpec spec)
    {
        if (partitions.Count == 0)
            return [];
        var listed = await admin.ListOffsetsAsync(partitions.ToDictionary(partition => partition, _ => spec), timeout: _timeout, cancellationToken: context.Stop);
        return listed.ToDictionary(pair => pair.Key, pair => pair.Value.Value.Offset);
    }

    private async Task<Dictionary<TopicPartition, long>> AtTimeAsync(List<TopicPartition> partitions, long timestamp)
    {
        var found = await ListAsync(partitions, OffsetSpec.ForTimestamp(timestamp));
        var missing = found.Where(pair => pair.Value < 0).Select(pair => pair.Key).ToList();
        foreach (var partition in missing)
            context.Out.WriteLine($"\nWarn: Partition {partition.Partition} from topic {partition.Topic} is empty. Falling back to latest known offset.");
        foreach (var (partition, end) in await ListAsync(missing, OffsetSpec.Latest))
            found[partition] = end;
        return found;
    }

    private async Task<Dictionary<TopicPartition, long>> ToCurrentAsync(List<TopicPartition> partitions, Dictionary<TopicPartition, long> committed)
    {
        var result = partitions.Where(committed.ContainsKey).ToDictionary(partition => partition, partition => committed[partition]);
        foreach (var (partition, end) in await ListAsync(partitions.Where(partition => !committed.ContainsKey(partition)).ToList(), OffsetSpec.Latest))
            result[partition] = end;
        return result;
    }

    private async Task<Dictionary<TopicPartition, long>> CheckRangeAsync(Dictionary<TopicPartition, long> wanted)
    {
        var first = await ListAsync(wanted.Keys, OffsetSpec.Earliest);
        var end = await ListAsync(wanted.Keys, OffsetSpec.Latest);
        foreach (var (partition, offset) in wanted.ToList())
        {
            if (offset > end[partition])
                Warn(partition, offset, "higher than latest", wanted[partition] = end[partition]);
            else if (offset < first[partition])
                Warn(partition, offset, "lower than earliest", wanted[partition] = first[partition]);
        }

        return wanted;
    }

    private void Warn(TopicPartition partition, long offset, string how, long instead) =>
        context.Error.WriteLine($"WARN New offset ({offset}) is {how} offset for topic partition {partition}. Value will be set to {instead}");

    private void Print(SortedDictionary<string, Dictionary<TopicPartition, long>> result)
    {
        var rows = Rows(result).ToList();
        int[] widths = [rows.Select(row => row.Group.Length).Append(15).Max(), rows.Select(row => row.Partition.Topic.Length).Append(15).Max(), 10, 0];
        context.Out.WriteLine();
        context.Out.WriteLine(Columns.Line(widths, ["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"]));
        foreach (var (group, partition, offset) in rows)
            context.Out.WriteLine(Columns.Line(widths, [group, partition.Topic, partition.Partition.ToString(CultureInfo.InvariantCulture), offset.ToString(CultureInfo.InvariantCulture)]));
    }

    private void Export(SortedDictionary<string, Dictionary<TopicPartition, long>> result)
    {
        var isSingle = options.ValuesOf(all.Group).Count == 1;
        foreach (var (group, partition, offset) in Rows(result))
            context.Out.WriteLine((isSingle ? "" : ResetPlan.Quote(group) + ",") + $"{ResetPlan.Quote(partition.Topic)},{partition.Partition},{offset}");
        context.Out.WriteLine();
    }

    private static IEnumerable<(string Group, TopicPartition Partition, long Offset)> Rows(SortedDictionary<string, Dictionary<TopicPartition, long>> result) =>
        result.SelectMany(group => group.Value.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition)
            .Select(pair => (group.Key, pair.Key, pair.Value)));
}
