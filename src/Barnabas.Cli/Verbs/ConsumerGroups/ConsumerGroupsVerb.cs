using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>kafka-consumer-groups: consumer groups and their offsets.</summary>
internal sealed class ConsumerGroupsVerb : Verb
{
    private static readonly string[] States = ["CompletingRebalance", "Dead", "Stable", "Empty", "Reconciling", "PreparingRebalance", "Assigning"];
    private static readonly string[] Types = ["Consumer", "Classic"];

    private readonly ConsumerGroupsOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments, [_all.List, _all.Describe]) is not { } options)
            return 0;
        if (options.Has(_all.ValidateRegex))
            return Validate(context, options.Required(_all.ValidateRegex));
        _all.Check(options, context.Error);
        await using var admin = Clients.Admin(options, _all.BootstrapServer, _all.CommandConfig);
        try
        {
            if (options.Has(_all.List))
                await ListAsync(context, admin, options);
            else if (options.Has(_all.Describe))
                await new GroupDescriber(context, admin, _all, options).RunAsync(await GroupsAsync(context, admin, options));
            else if (options.Has(_all.Delete))
                await DeleteAsync(context, admin, options);
            else if (options.Has(_all.ResetOffsets))
                await new OffsetResetter(context, admin, _all, options).RunAsync(await GroupsAsync(context, admin, options));
            else
                await DeleteOffsetsAsync(context, admin, options);
            return 0;
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            await context.Out.FlushAsync();
            context.Error.WriteLine($"Error: Executing consumer group command failed due to {error.Message}");
            return 1;
        }
    }

    private static int Validate(VerbContext context, string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            context.Out.WriteLine($"The regular expression '{pattern}' is not valid: {error.Message}");
            return 0;
        }

        context.Out.WriteLine("The regular expression is valid.");
        return 0;
    }

    private async Task<IReadOnlyList<string>> GroupsAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        if (!options.Has(_all.AllGroups))
            return options.ValuesOf(_all.Group);
        return (await ListingsAsync(context, admin, options, [], [])).Select(group => group.GroupId).ToList();
    }

    private async Task<List<GroupListing>> ListingsAsync(
        VerbContext context, AdminClient admin, OptionSet options, IReadOnlyCollection<string> states, IReadOnlyCollection<string> types)
    {
        var timeout = TimeSpan.FromMilliseconds(options.LongOf(_all.Timeout));
        var groups = await admin.ListGroupsAsync(states, types, timeout, context.Stop);
        return groups.Where(group => group.ProtocolType is "consumer" or "").Where(group => group.Type is null or "classic" or "consumer" or "Classic" or "Consumer").ToList();
    }

    private async Task ListAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var withType = options.Has(_all.Type);
        var withState = options.Has(_all.State);
        var states = ParseNames(options.HasArgument(_all.State) ? options.ValueOf(_all.State) : null, States, "state");
        var types = ParseNames(options.HasArgument(_all.Type) ? options.ValueOf(_all.Type) : null, Types, "types");
        var groups = await ListingsAsync(context, admin, options, states, types);
        if (context.Listing is { } listing)
        {
            foreach (var group in groups)
                listing.Add(["GROUP", "TYPE", "STATE"], [group.GroupId, Capitalized(group.Type), group.State ?? "Unknown"]);
            return;
        }

        if (!withType && !withState)
        {
            foreach (var group in groups)
                context.Out.WriteLine(group.GroupId);
            return;
        }

        var width = groups.Select(group => group.GroupId.Length).Append(15).Max() + 10;
        Print("GROUP", "TYPE", "STATE");
        foreach (var group in groups)
            Print(group.GroupId, Capitalized(group.Type), group.State ?? "Unknown");

        void Print(string id, string type, string state) =>
            context.Out.WriteLine(id.PadRight(width) + (withType ? " " + type.PadRight(20) : "") + (withState ? " " + state.PadRight(20) : ""));
    }

    internal static string Capitalized(string? type) => string.IsNullOrEmpty(type) ? "Unknown" : char.ToUpperInvariant(type[0]) + type[1..].ToLowerInvariant();

    private static List<string> ParseNames(string? text, string[] valid, string what)
    {
        var names = new List<string>();
        foreach (var name in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            names.Add(valid.FirstOrDefault(candidate => candidate.Equals(name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                ?? throw new VerbException($"Invalid {what} list '{text}'. Valid {(what == "state" ? "states" : what)} are: {string.Join(", ", valid)}"));
        return names;
    }

    private async Task DeleteAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var groups = await GroupsAsync(context, admin, options);
        var outcomes = await admin.DeleteGroupsAsync(groups, TimeSpan.FromMilliseconds(options.LongOf(_all.Timeout)), context.Stop);
        var failed = outcomes.Where(pair => pair.Value.Error is not null).ToList();
        var deleted = string.Join(", ", outcomes.Where(pair => pair.Value.Error is null).Select(pair => pair.Key));
        if (failed.Count == 0)
        {
            context.Out.WriteLine($"Deletion of requested consumer groups ('{deleted}') was successful.");
            return;
        }

        context.Out.WriteLine("\nError: Deletion of some consumer groups failed:");
        foreach (var (group, outcome) in failed)
            context.Out.WriteLine($"* Group '{group}' could not be deleted due to: {JavaErrors.Describe(outcome.Error!)}");
        if (deleted.Length > 0)
            context.Out.WriteLine($"\nThese consumer groups were deleted successfully: '{deleted}'");
        throw new VerbException("", 1);
    }

    private async Task DeleteOffsetsAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var group = options.Required(_all.Group);
        var timeout = TimeSpan.FromMilliseconds(options.LongOf(_all.Timeout));
        var results = new List<(string Topic, string Partition, KafkaException? Error)>();
        var partitions = new List<TopicPartition>();
        foreach (var topic in options.ValuesOf(_all.Topic))
            try
            {
                partitions.AddRange(await TopicPartitions.ResolveAsync(admin, [topic], timeout, context.Stop));
            }
            catch (KafkaException error) when (error.ErrorCode == ErrorCode.UnknownTopicOrPartition)
            {
                results.Add((topic, "-", error));
            }

        var outcomes = await admin.DeleteGroupOffsetsAsync(group, partitions, timeout, context.Stop);
        results.AddRange(outcomes.Select(pair => (pair.Key.Topic, pair.Key.Partition.ToString(null, null), pair.Value.Error)));
        context.Out.WriteLine($"Request succeeded for deleting offsets from group {group}.");
        context.Out.WriteLine();
        int[] widths = [15, 10, 15];
        context.Out.WriteLine(Columns.Line(widths, ["TOPIC", "PARTITION", "STATUS"]));
        foreach (var (topic, partition, error) in results.OrderBy(result => result.Topic + result.Partition, StringComparer.Ordinal))
            context.Out.WriteLine(Columns.Line(widths, [topic, partition, error is null ? "Successful" : "Error: " + JavaErrors.Describe(error)]));
    }
}
