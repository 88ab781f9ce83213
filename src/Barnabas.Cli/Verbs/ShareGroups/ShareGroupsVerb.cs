using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsumerGroups;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ShareGroups;

/// <summary>kafka-share-groups: share groups and where they stand.</summary>
internal sealed class ShareGroupsVerb : Verb
{
    private static readonly string[] States = ["Empty", "Stable", "Dead"];

    private readonly ShareGroupsOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments, [_all.List, _all.Describe]) is not { } options)
            return 0;
        _all.Check(options);
        await using var admin = Clients.Admin(options, _all.BootstrapServer, _all.CommandConfig);
        var timeout = TimeSpan.FromMilliseconds(options.LongOf(_all.Timeout));
        try
        {
            if (options.Has(_all.List))
                await ListAsync(context, admin, options, timeout);
            else if (options.Has(_all.Describe))
                await new ShareGroupDescriber(context, admin, _all, options).RunAsync(await GroupsAsync(context, admin, options, timeout));
            else if (options.Has(_all.Delete))
                return await DeleteAsync(context, admin, options, timeout);
            else if (options.Has(_all.ResetOffsets))
                await ResetAsync(context, admin, options, timeout);
            else
                return await DeleteOffsetsAsync(context, admin, options, timeout);
            return 0;
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            context.Out.WriteLine($"\nError: Executing share group command failed due to {error.Message}");
            return 1;
        }
    }

    private static Task<IReadOnlyList<GroupListing>> ListingsAsync(VerbContext context, AdminClient admin, IReadOnlyCollection<string> states, TimeSpan timeout) =>
        admin.ListGroupsAsync(states, ["share"], timeout, context.Stop);

    private async Task<IReadOnlyList<string>> GroupsAsync(VerbContext context, AdminClient admin, OptionSet options, TimeSpan timeout) =>
        options.Has(_all.AllGroups) ? [.. (await ListingsAsync(context, admin, [], timeout)).Select(group => group.GroupId)] : options.ValuesOf(_all.Group);

    private async Task ListAsync(VerbContext context, AdminClient admin, OptionSet options, TimeSpan timeout)
    {
        var states = new List<string>();
        if (options.HasArgument(_all.State))
        {
            var text = options.Required(_all.State);
            foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                states.Add(States.FirstOrDefault(state => state.Equals(name, StringComparison.OrdinalIgnoreCase))
                    ?? throw new VerbException($"Invalid state list '{text}'. Valid states are: {string.Join(", ", States)}"));
        }

        var groups = await ListingsAsync(context, admin, states, timeout);
        if (context.Listing is { } listing)
        {
            foreach (var group in groups)
                listing.Add(["GROUP", "STATE"], [group.GroupId, group.State ?? "Unknown"]);
            return;
        }

        if (!options.Has(_all.State))
        {
            foreach (var group in groups)
                context.Out.WriteLine(group.GroupId);
            return;
        }

        int[] widths = [groups.Select(group => group.GroupId.Length).Append(15).Max(), 0];
        context.Out.WriteLine(Columns.Line(widths, ["GROUP", "STATE"]));
        foreach (var group in groups)
            context.Out.WriteLine(Columns.Line(widths, [group.GroupId, group.State ?? "Unknown"]));
    }

    private async Task<int> DeleteAsync(VerbContext context, AdminClient admin, OptionSet options, TimeSpan timeout)
    {
        var listings = (await ListingsAsync(context, admin, [], timeout)).ToDictionary(group => group.GroupId, StringComparer.Ordinal);
        var failed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in (await GroupsAsync(context, admin, options, timeout)).Distinct())
        {
            if (!listings.TryGetValue(group, out var listing))
                failed[group] = $"java.lang.IllegalArgumentException: Group '{group}' is not a share group.";
            else if (listing.State is not (null or "Empty"))
                failed[group] = $"org.apache.kafka.common.errors.GroupNotEmptyException: Share group '{group}' is not EMPTY.";
        }

        var deletable = (await GroupsAsync(context, admin, options, timeout)).Distinct().Where(group => !failed.ContainsKey(group)).ToList();
        var deleted = new List<string>();
        foreach (var (group, outcome) in deletable.Count == 0 ? new Dictionary<string, Outcome<Done>>() : await admin.DeleteGroupsAsync(deletable, timeout, context.Stop))
        {
            if (outcome.Error is { } error)
                failed[group] = JavaErrors.Describe(error);
            else
                deleted.Add($"'{group}'");
        }

        if (failed.Count == 0)
        {
            context.Out.WriteLine($"Deletion of requested share groups ({string.Join(", ", deleted)}) was successful.");
            return 0;
        }

        context.Out.WriteLine("\nError: Deletion of some share groups failed:");
        foreach (var (group, error) in failed)
            context.Out.WriteLine($"* Group '{group}' could not be deleted due to: {error}");
        if (deleted.Count > 0)
            context.Out.WriteLine($"\nThese share groups were deleted successfully: {string.Join(", ", deleted)}");
        return 1;
    }

    private async Task<int> DeleteOffsetsAsync(VerbContext context, AdminClient admin, OptionSet options, TimeSpan timeout)
    {
        IReadOnlyDictionary<string, Outcome<Done>> outcomes;
        try
        {
            outcomes = await admin.DeleteShareGroupOffsetsAsync(options.Required(_all.Group), options.ValuesOf(_all.Topic), timeout, context.Stop);
        }
        catch (KafkaException error)
        {
            context.Out.WriteLine($"\nError: {error.Message}");
            outcomes = options.ValuesOf(_all.Topic).Distinct().ToDictionary(topic => topic, _ => new Outcome<Done>(error));
        }

        int[] widths = [outcomes.Keys.Select(topic => topic.Length).Append(15).Max(), 0];
        context.Out.WriteLine();
        context.Out.WriteLine(Columns.Line(widths, ["TOPIC", "STATUS"]));
        foreach (var (topic, outcome) in outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal))
            context.Out.WriteLine(Columns.Line(widths, [topic, outcome.Error is { } error ? $"Error: {error.Message}" : "Successful"]));
        return outcomes.Values.All(outcome => outcome.IsSuccess) ? 0 : 1;
    }

    private async Task ResetAsync(VerbContext context, AdminClient admin, OptionSet options, TimeSpan timeout)
    {
        var group = options.Required(_all.Group);
        var described = (await admin.DescribeShareGroupsAsync([group], timeout: timeout, cancellationToken: context.Stop))[group];
        if (described.Error is null ? described.Value.State is not ("Empty" or "Dead") : described.Error.ErrorCode != ErrorCode.GroupIdNotFound)
            throw new VerbException(described.Error?.Message ?? $"Share group '{group}' is not empty.");

        var partitions = options.Has(_all.Topic)
            ? await TopicPartitions.ResolveAsync(admin, options.ValuesOf(_all.Topic), timeout, context.Stop)
            : [.. (await admin.ListShareGroupOffsetsAsync(new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group] = null }, timeout, context.Stop))[group].Value.Keys];
        var spec = options.Has(_all.ToEarliest) ? OffsetSpec.Earliest
            : options.Has(_all.ToLatest) ? OffsetSpec.Latest
            : OffsetSpec.ForTimestamp(ResetTimes.ParseDateTime(options.Required(_all.ToDatetime)));
        var offsets = await OffsetsAsync(context, admin, partitions, spec, timeout);
        // No record that young: the end.
        foreach (var (partition, end) in await OffsetsAsync(context, admin, [.. offsets.Where(pair => pair.Value < 0).Select(pair => pair.Key)], OffsetSpec.Latest, timeout))
            offsets[partition] = end;
        if (options.Has(_all.Execute) && offsets.Count > 0)
        {
            foreach (var outcome in (await admin.AlterShareGroupOffsetsAsync(group, offsets, timeout, context.Stop)).Values)
                _ = outcome.Value;
        }

        int[] widths = [Math.Max(15, group.Length), offsets.Keys.Select(partition => partition.Topic.Length).Append(15).Max(), 10, 0];
        context.Out.WriteLine();
        context.Out.WriteLine(Columns.Line(widths, ["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"]));
        foreach (var (partition, offset) in offsets.OrderBy(pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
            context.Out.WriteLine(Columns.Line(widths, [group, partition.Topic, partition.Partition.ToString(CultureInfo.InvariantCulture), offset.ToString(CultureInfo.InvariantCulture)]));
    }

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(VerbContext context, AdminClient admin, List<TopicPartition> partitions, OffsetSpec spec, TimeSpan timeout) =>
        partitions.Count == 0 ? [] : (await admin.ListOffsetsAsync(partitions.ToDictionary(partition => partition, _ => spec), timeout: timeout, cancellationToken: context.Stop))
            .ToDictionary(pair => pair.Key, pair => pair.Value.Value.Offset);
}
