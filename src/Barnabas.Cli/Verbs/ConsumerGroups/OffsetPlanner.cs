using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>Which offsets --reset-offsets means, for the tools of consumer and of streams groups.</summary>
internal sealed class OffsetPlanner(VerbContext context, AdminClient admin, ResetScenarios all, OptionSet options, TimeSpan timeout)
{
    /// <summary>The offsets that a file names for the group.</summary>
    public async Task<Dictionary<TopicPartition, long>> FromFileAsync(string group)
    {
        var plan = ResetPlan.Read(options.Required(all.FromFile), options.ValuesOf(all.Group) is [var only] ? only : null);
        return await CheckRangeAsync(plan.GetValueOrDefault(group) ?? []);
    }

    /// <summary>The offsets that the scenario makes of partitions.</summary>
    /// <param name="partitions">Those to reset.</param>
    /// <param name="committed">Where the group stands.</param>
    public async Task<Dictionary<TopicPartition, long>> PlanAsync(List<TopicPartition> partitions, Dictionary<TopicPartition, long> committed)
    {
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

    private async Task<Dictionary<TopicPartition, long>> ListAsync(IReadOnlyCollection<TopicPartition> partitions, OffsetSpec spec)
    {
        if (partitions.Count == 0)
            return [];
        var listed = await admin.ListOffsetsAsync(partitions.ToDictionary(partition => partition, _ => spec), timeout: timeout, cancellationToken: context.Stop);
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
}
