using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsumerGroups;
using Barnabas.Client.Admin;

namespace Barnabas.Cli.Verbs.Groups;

/// <summary>kafka-groups: all groups of whatever type.</summary>
internal sealed class GroupsVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Lists groups of all types.");
        var server = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.", required: true);
        var config = parser.Value("command-config", "String: command config property file", "Properties of the admin client.");
        var list = parser.Flag("list", "List groups.");
        var type = parser.Value("group-type", "String: type", "Groups of this type only: classic, consumer, share or streams.");
        var protocol = parser.Value("protocol", "String: protocol", "Groups of this protocol only.");
        var consumer = parser.Flag("consumer", "Consumer groups only.");
        var share = parser.Flag("share", "Share groups only.");
        var streams = parser.Flag("streams", "Streams groups only.");
        if (parser.ParseOrPrint(context, arguments, [list], needsArguments: false) is not { } options)
            return 0;
        if (!options.Has(list))
            throw new VerbException("Command must include exactly one action: --list.");
        foreach (var shortcut in (OptionSpec[])[consumer, share, streams])
            options.Forbid(shortcut, type, protocol, consumer, share, streams);
        await using var admin = Clients.Admin(options, server, config);
        var groups = await admin.ListGroupsAsync([], [], cancellationToken: context.Stop);
        var shown = groups.Where(group => Matches(group, options, type, protocol, consumer, share, streams)).ToList();
        Print(context, shown.ConvertAll(group => (string[])[group.GroupId, ConsumerGroupsVerb.Capitalized(group.Type), group.ProtocolType]));
        return 0;
    }

    /// <summary>All columns as wide as the widest cell; rows, unlike the header, end in a space more.</summary>
    private static void Print(VerbContext context, List<string[]> rows)
    {
        string[] header = ["GROUP", "TYPE", "PROTOCOL"];
        var width = rows.SelectMany(row => row).Select(cell => cell.Length).Append(20).Max();
        int[] widths = [width, width, width];
        if (context.Listing is null)
            context.Out.WriteLine(Columns.Line(widths, header));
        foreach (var row in rows)
        {
            if (context.Listing is { } listing)
                listing.Add(header, row);
            else
                context.Out.WriteLine(Columns.Line(widths, row) + " ");
        }
    }

    private static bool Matches(GroupListing group, OptionSet options, OptionSpec type, OptionSpec protocol, OptionSpec consumer, OptionSpec share, OptionSpec streams)
    {
        var name = (group.Type ?? "").ToLowerInvariant();
        if (options.Has(consumer))
            return name == "consumer" || name == "classic" && group.ProtocolType is "consumer" or "";
        if (options.Has(share))
            return name == "share";
        if (options.Has(streams))
            return name == "streams";
        return (!options.Has(type) || name.Equals(options.ValueOf(type), StringComparison.OrdinalIgnoreCase))
            && (!options.Has(protocol) || group.ProtocolType == options.ValueOf(protocol));
    }
}
