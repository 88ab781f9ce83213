using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>kafka-streams-groups: streams groups and where they stand.</summary>
internal sealed class StreamsGroupsVerb : Verb
{
    private static readonly string[] States = ["Assigning", "Empty", "Stable", "Reconciling", "Dead", "NotReady"];

    private readonly StreamsGroupsOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments, [_all.List, _all.Describe]) is not { } options)
            return 0;
        _all.Check(options);
        var states = ParseStates(options);
        await using var admin = Clients.Admin(options, _all.BootstrapServer, _all.CommandConfig);
        var timeout = TimeSpan.FromMilliseconds(options.LongOf(_all.Timeout));
        try
        {
            if (options.Has(_all.List))
                await ListAsync(context, admin, options, states, timeout);
            else if (options.Has(_all.Describe))
                await new StreamsGroupDescriber(context, admin, _all, options).RunAsync(await GroupsAsync(context, admin, options, timeout));
            else if (options.Has(_all.Delete))
                await new StreamsGroupDeleter(context, admin, timeout).RunAsync(await GroupsAsync(context, admin, options, timeout), options.Has(_all.DeleteAllInternalTopics));
            else if (options.Has(_all.ResetOffsets))
                await new StreamsOffsetResetter(context, admin, _all, options).RunAsync(await GroupsAsync(context, admin, options, timeout));
            else
                await new StreamsOffsetDeleter(context, admin, _all, options).RunAsync();
            return 0;
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            context.Out.WriteLine($"\nError: Executing streams group command failed due to {(error is KafkaException kafka ? JavaErrors.Describe(kafka) : error.Message)}");
            return 1;
        }
    }

    private static Task<IReadOnlyList<GroupListing>> ListingsAsync(VerbContext context, AdminClient admin, IReadOnlyCollection<string> states, TimeSpan timeout) =>
        admin.ListGroupsAsync(states, ["streams"], timeout, context.Stop);

    private async Task<IReadOnlyList<string>> GroupsAsync(VerbContext context, AdminClient admin, OptionSet options, TimeSpan timeout) =>
        options.Has(_all.AllGroups) ? [.. (await ListingsAsync(context, admin, [], timeout)).Select(group => group.GroupId)] : options.ValuesOf(_all.Group);

    private List<string> ParseStates(OptionSet options)
    {
        if (!options.Has(_all.List) || !options.HasArgument(_all.State))
            return [];
        var text = options.Required(_all.State);
        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => States.FirstOrDefault(state => state.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new OptionException($"Invalid state list '{text}'. Valid states are: {string.Join(", ", States)}")).ToList();
    }

    private async Task ListAsync(VerbContext context, AdminClient admin, OptionSet options, List<string> states, TimeSpan timeout)
    {
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
}
