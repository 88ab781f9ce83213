using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.ShareGroups;

/// <summary>The options of kafka-share-groups.</summary>
internal sealed class ShareGroupsOptions
{
    public ShareGroupsOptions()
    {
        var parser = Parser;
        BootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.");
        CommandConfig = parser.Value("command-config", "String: command config property file", "Properties of the admin client.");
        Group = parser.Value("group", "String: share group", "The share group; with --describe and --delete it may be given again.");
        AllGroups = parser.Flag("all-groups", "All share groups.");
        Topic = parser.Value("topic", "String: topic", "A topic, with --reset-offsets also some of its partitions as topic:0,1; may be given again.");
        AllTopics = parser.Flag("all-topics", "With --reset-offsets: all topics that the group has offsets of.");
        List = parser.Flag("list", "List share groups.");
        Describe = parser.Flag("describe", "Show offsets and lag of share groups, or their members or state.");
        Delete = parser.Flag("delete", "Delete share groups.");
        DeleteOffsets = parser.Flag("delete-offsets", "Delete offsets of topics of a share group.");
        ResetOffsets = parser.Flag("reset-offsets", "Set offsets of a share group that is not active; --dry-run shows them alone, --execute sets them.");
        Timeout = parser.Value("timeout", "Long: timeout (ms)", "Milliseconds to wait for answers.", "30000");
        DryRun = parser.Flag("dry-run", "Show what would be done.");
        Execute = parser.Flag("execute", "Do it.");
        ToDatetime = parser.Value("to-datetime", "String: datetime", "Reset to a time: YYYY-MM-DDThh:mm:ss.sss.");
        ToEarliest = parser.Flag("to-earliest", "Reset to the first offsets.");
        ToLatest = parser.Flag("to-latest", "Reset to the end.");
        Members = parser.Flag("members", "With --describe: show the members.");
        Offsets = parser.Flag("offsets", "With --describe: show offsets and lag; so without any other.");
        State = parser.OptionalValue("state", "String", "With --describe: show the state. With --list: show states, or list groups in the states named: Empty, Stable, Dead.");
        Verbose = parser.Flag("verbose", "With --describe: show more.");
    }

    public OptionParser Parser { get; } = new("This tool helps to list, describe, reset and delete share groups.");

    public OptionSpec BootstrapServer { get; }

    public OptionSpec CommandConfig { get; }

    public OptionSpec Group { get; }

    public OptionSpec AllGroups { get; }

    public OptionSpec Topic { get; }

    public OptionSpec AllTopics { get; }

    public OptionSpec List { get; }

    public OptionSpec Describe { get; }

    public OptionSpec Delete { get; }

    public OptionSpec DeleteOffsets { get; }

    public OptionSpec ResetOffsets { get; }

    public OptionSpec Timeout { get; }

    public OptionSpec DryRun { get; }

    public OptionSpec Execute { get; }

    public OptionSpec ToDatetime { get; }

    public OptionSpec ToEarliest { get; }

    public OptionSpec ToLatest { get; }

    public OptionSpec Members { get; }

    public OptionSpec Offsets { get; }

    public OptionSpec State { get; }

    public OptionSpec Verbose { get; }

    /// <summary>Fails where options are missing or do not go together.</summary>
    public void Check(OptionSet options)
    {
        options.Require(BootstrapServer);
        if (options.Has(Describe))
            CheckDescribe(options);
        if (options.Has(Delete))
        {
            if (options.Has(Group) == options.Has(AllGroups))
                throw new VerbException(options.Has(Group) ? $"Option {Delete} takes either {Group} or {AllGroups}, not both." : $"Option {Delete} takes the options {Group} or {AllGroups}");
            if (options.Has(Topic))
                throw new VerbException($"Option {Delete} does not take the option: {Topic}");
        }

        if (options.Has(DeleteOffsets) && !(options.Has(Group) && options.Has(Topic)))
            throw new VerbException($"Option {DeleteOffsets} takes the following options: {Group}, {Topic}");
        if (options.Has(ResetOffsets))
            CheckReset(options);
        options.Forbid(Group, AllGroups, List);
        options.Forbid(Topic, List, Describe);
        if (((OptionSpec[])[List, Describe, Delete, ResetOffsets, DeleteOffsets]).Count(options.Has) != 1)
            throw new VerbException("Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets.");
    }

    private void CheckDescribe(OptionSet options)
    {
        if (!options.Has(Group) && !options.Has(AllGroups))
            throw new VerbException($"Option {Describe} takes one of these options: {AllGroups}, {Group}");
        if (((OptionSpec[])[Members, Offsets, State]).Count(options.Has) > 1)
            throw new VerbException($"Option {Describe} takes at most one of these options: {Members}, {Offsets}, {State}");
        if (options.HasArgument(State))
            throw new VerbException($"Option {Describe} does not take a value for {State}");
    }

    private void CheckReset(OptionSet options)
    {
        if (options.Has(DryRun) && options.Has(Execute))
            throw new VerbException($"Option {ResetOffsets} only accepts one of {Execute} and {DryRun}");
        if (!options.Has(DryRun) && !options.Has(Execute))
            throw new VerbException($"Option {ResetOffsets} takes the option: {Execute} or {DryRun}");
        if (!options.Has(Group))
            throw new VerbException($"Option {ResetOffsets} takes the option: {Group}");
        if (!options.Has(Topic) && !options.Has(AllTopics))
            throw new VerbException($"Option {ResetOffsets} takes one of these options: {AllTopics}, {Topic}");
        OptionSpec[] scenarios = [ToDatetime, ToEarliest, ToLatest];
        if (!scenarios.Any(options.Has))
            throw new VerbException($"Option {ResetOffsets} takes one of these options: {string.Join(", ", scenarios.Select(scenario => scenario.ToString()))}");
        foreach (var scenario in scenarios)
            options.Forbid(scenario, scenarios);
    }
}
