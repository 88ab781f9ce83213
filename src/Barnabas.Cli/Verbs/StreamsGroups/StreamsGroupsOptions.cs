using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsumerGroups;

namespace Barnabas.Cli.Verbs.StreamsGroups;

/// <summary>The options of kafka-streams-groups.</summary>
internal sealed class StreamsGroupsOptions
{
    public StreamsGroupsOptions()
    {
        var parser = Parser;
        BootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.");
        CommandConfig = parser.Value("command-config", "String: command config property file", "Properties of the admin client.");
        Group = parser.Value("group", "String: streams group", "The streams group; may be given again.");
        AllGroups = parser.Flag("all-groups", "All streams groups.");
        InputTopic = parser.Value("input-topic", "String: topic", "A topic that the group reads, with --reset-offsets also some of its partitions as topic:0,1; may be given again.");
        AllInputTopics = parser.Flag("all-input-topics", "All topics that the group's topology reads.");
        List = parser.Flag("list", "List streams groups.");
        Describe = parser.Flag("describe", "Show lag of streams groups, or their members or state.");
        Delete = parser.Flag("delete", "Delete streams groups with their offsets.");
        DeleteOffsets = parser.Flag("delete-offsets", "Delete offsets of a streams group.");
        ResetOffsets = parser.Flag("reset-offsets", "Set offsets of streams groups that are not active; --dry-run shows them alone, --execute sets them.");
        DeleteInternalTopic = parser.Value("delete-internal-topic", "String", "With --reset-offsets --execute: delete this internal topic; may be given again.");
        DeleteAllInternalTopics = parser.Flag("delete-all-internal-topics", "With --delete, or --reset-offsets --execute: delete all internal topics of the group.");
        Timeout = parser.Value("timeout", "Long: timeout (ms)", "Milliseconds to wait for answers.", "30000");
        DryRun = parser.Flag("dry-run", "Show what would be done.");
        Execute = parser.Flag("execute", "Do it.");
        Export = parser.Flag("export", "Print the result as CSV.");
        var toOffset = parser.Value("to-offset", "Long: offset", "Reset to an offset.");
        var fromFile = parser.Value("from-file", "String: path to CSV file", "Reset to the offsets of a CSV file.");
        var toDatetime = parser.Value("to-datetime", "String: datetime", "Reset to a time: YYYY-MM-DDThh:mm:ss.sss.");
        var byDuration = parser.Value("by-duration", "String: duration", "Reset to a time before now: PnDTnHnMnS.");
        var toEarliest = parser.Flag("to-earliest", "Reset to the first offsets.");
        var toLatest = parser.Flag("to-latest", "Reset to the end.");
        var toCurrent = parser.Flag("to-current", "Reset to the offsets that are committed.");
        var shiftBy = parser.Value("shift-by", "Long: number-of-offsets", "Reset by a number of records forward, or backward where it is negative.");
        Reset = new ResetScenarios(Group, toOffset, shiftBy, toDatetime, byDuration, toEarliest, toLatest, toCurrent, fromFile);
        Members = parser.Flag("members", "With --describe: show the members.");
        Offsets = parser.Flag("offsets", "With --describe: show lag; so without any other.");
        State = parser.OptionalValue("state", "String", "With --describe: show the state. With --list: show states, or list groups in the states named: Assigning, Empty, Stable, Reconciling, Dead, NotReady.");
        Verbose = parser.Flag("verbose", "With --describe: show more.");
    }

    public OptionParser Parser { get; } = new("This tool helps to list, or describe streams groups.");

    public OptionSpec BootstrapServer { get; }

    public OptionSpec CommandConfig { get; }

    public OptionSpec Group { get; }

    public OptionSpec AllGroups { get; }

    public OptionSpec InputTopic { get; }

    public OptionSpec AllInputTopics { get; }

    public OptionSpec List { get; }

    public OptionSpec Describe { get; }

    public OptionSpec Delete { get; }

    public OptionSpec DeleteOffsets { get; }

    public OptionSpec ResetOffsets { get; }

    public OptionSpec DeleteInternalTopic { get; }

    public OptionSpec DeleteAllInternalTopics { get; }

    public OptionSpec Timeout { get; }

    public OptionSpec DryRun { get; }

    public OptionSpec Execute { get; }

    public OptionSpec Export { get; }

    public ResetScenarios Reset { get; }

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
            RequireGroups(options, Delete);
            if (options.Has(InputTopic) || options.Has(AllInputTopics))
                throw new OptionException("Kafka Streams does not support topic-specific offset deletion from a streams group.");
        }

        if (options.Has(DeleteOffsets))
            CheckDeleteOffsets(options);
        if (options.Has(ResetOffsets))
            CheckReset(options);
        if ((options.Has(DryRun) || options.Has(Execute)) && !options.Has(ResetOffsets))
            throw new OptionException($"Only Option {ResetOffsets} accepts {Execute} or {DryRun}");
        options.Forbid(List, Group, AllGroups, InputTopic);
        options.Forbid(Group, AllGroups);
        options.Forbid(InputTopic, List, Describe);
        if (((OptionSpec[])[List, Describe, Delete, ResetOffsets, DeleteOffsets]).Count(options.Has) != 1)
            throw new OptionException("Command must include exactly one action: --list, --describe, --delete, --reset-offsets, or --delete-offsets.");
    }

    private void CheckDescribe(OptionSet options)
    {
        RequireGroups(options, Describe);
        if (((OptionSpec[])[Members, Offsets, State]).Count(options.Has) > 1)
            throw new OptionException($"Option {Describe} takes at most one of these options: {Members}, {Offsets}, {State}");
        if (options.HasArgument(State))
            throw new OptionException($"Option {Describe} does not take a value for {State}");
    }

    private void CheckDeleteOffsets(OptionSet options)
    {
        if (!options.Has(Group) || (!options.Has(InputTopic) && !options.Has(AllInputTopics)))
            throw new OptionException($"Option {DeleteOffsets} takes the {Group} and one of these options: {AllInputTopics}, {InputTopic}");
        if (options.ValuesOf(Group) is { Count: > 1 } groups)
            throw new OptionException($"Option {DeleteOffsets} supports only one {Group} at a time, but found: [{string.Join(", ", groups)}]");
    }

    private void CheckReset(OptionSet options)
    {
        if (options.Has(DryRun) && options.Has(Execute))
            throw new OptionException($"Option {ResetOffsets} only accepts one of {Execute} and {DryRun}");
        if (!options.Has(DryRun) && !options.Has(Execute))
            throw new OptionException($"Option {ResetOffsets} takes the option: {Execute} or {DryRun}");
        RequireGroups(options, ResetOffsets);
        foreach (var scenario in Reset.All)
            options.Forbid(scenario, Reset.All);
        foreach (var internalTopics in (OptionSpec[])[DeleteAllInternalTopics, DeleteInternalTopic])
            if (options.Has(internalTopics) && !options.Has(Execute))
                throw new OptionException($"Option {ResetOffsets} takes {Execute} when {internalTopics} is used.");
        if (!options.Has(AllInputTopics) && !options.Has(InputTopic) && !options.Has(Reset.FromFile))
            throw new OptionException("One of the reset scopes should be defined: --all-topics, --topic.");
        if (!Reset.All.Any(options.Has))
            throw new OptionException($"Option '{ResetOffsets}' requires one of the following scenarios: [{string.Join(", ", Reset.All.Select(scenario => scenario.ToString()))}]");
    }

    private void RequireGroups(OptionSet options, OptionSpec action)
    {
        if (!options.Has(Group) && !options.Has(AllGroups))
            throw new OptionException($"Option {action} takes one of these options: {AllGroups}, {Group}");
    }
}
