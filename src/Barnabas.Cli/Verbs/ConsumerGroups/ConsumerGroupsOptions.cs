using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>The options of kafka-consumer-groups.</summary>
internal sealed class ConsumerGroupsOptions
{
    public ConsumerGroupsOptions()
    {
        var parser = Parser;
        BootstrapServer = parser.Value("bootstrap-server", "String: server to connect to", "REQUIRED: The servers to connect to.");
        CommandConfig = parser.Value("command-config", "String: command config property file", "Properties of the admin client.");
        Group = parser.Value("group", "String: consumer group", "The group; may be given again.");
        AllGroups = parser.Flag("all-groups", "All groups.");
        Topic = parser.Value("topic", "String: topic", "A topic, or some of its partitions as topic:0,1; may be given again.");
        AllTopics = parser.Flag("all-topics", "All topics that the group has offsets of.");
        List = parser.Flag("list", "List groups.");
        Describe = parser.Flag("describe", "Show offsets and lag of groups, or their members or state.");
        Delete = parser.Flag("delete", "Delete groups.");
        DeleteOffsets = parser.Flag("delete-offsets", "Delete offsets of a group.");
        ResetOffsets = parser.Flag("reset-offsets", "Set offsets of groups that are not active; --dry-run shows them alone, --execute sets them.");
        ValidateRegex = parser.Value("validate-regex", "String: regex", "Tell whether a regular expression is one that the consumer protocol accepts.");
        Timeout = parser.Value("timeout", "Long: timeout (ms)", "Milliseconds to wait for answers.", "30000");
        DryRun = parser.Flag("dry-run", "Show what would be done.");
        Execute = parser.Flag("execute", "Do it.");
        Export = parser.Flag("export", "Print the result as CSV.");
        ToOffset = parser.Value("to-offset", "Long: offset", "Reset to an offset.");
        FromFile = parser.Value("from-file", "String: path to CSV file", "Reset to the offsets of a CSV file.");
        ToDatetime = parser.Value("to-datetime", "String: datetime", "Reset to a time: YYYY-MM-DDThh:mm:ss.sss.");
        ByDuration = parser.Value("by-duration", "String: duration", "Reset to a time before now: PnDTnHnMnS.");
        ToEarliest = parser.Flag("to-earliest", "Reset to the first offsets.");
        ToLatest = parser.Flag("to-latest", "Reset to the end.");
        ToCurrent = parser.Flag("to-current", "Reset to the offsets that are committed.");
        ShiftBy = parser.Value("shift-by", "Long: number-of-offsets", "Reset by a number of records forward, or backward where it is negative.");
        Members = parser.Flag("members", "With --describe: show the members.");
        Offsets = parser.Flag("offsets", "With --describe: show offsets and lag; so without any other.");
        State = parser.OptionalValue("state", "String", "With --describe: show the state. With --list: show states, or list groups in the states named.");
        Type = parser.OptionalValue("type", "String", "With --list: show types, or list groups of the types named.");
        Verbose = parser.Flag("verbose", "Show more.");
    }

    public OptionParser Parser { get; } = new("Lists, describes and deletes consumer groups, and sets and deletes their offsets.");

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

    public OptionSpec ValidateRegex { get; }

    public OptionSpec Timeout { get; }

    public OptionSpec DryRun { get; }

    public OptionSpec Execute { get; }

    public OptionSpec Export { get; }

    public OptionSpec ToOffset { get; }

    public OptionSpec FromFile { get; }

    public OptionSpec ToDatetime { get; }

    public OptionSpec ByDuration { get; }

    public OptionSpec ToEarliest { get; }

    public OptionSpec ToLatest { get; }

    public OptionSpec ToCurrent { get; }

    public OptionSpec ShiftBy { get; }

    public OptionSpec Members { get; }

    public OptionSpec Offsets { get; }

    public OptionSpec State { get; }

    public OptionSpec Type { get; }

    public OptionSpec Verbose { get; }

    public ResetScenarios Reset => new(Group, ToOffset, ShiftBy, ToDatetime, ByDuration, ToEarliest, ToLatest, ToCurrent, FromFile);

    public OptionSpec[] Scenarios => Reset.All;

    /// <summary>Fails where options are missing or do not go together.</summary>
    public void Check(OptionSet options, TextWriter error)
    {
        options.Require(BootstrapServer);
        if (options.Has(Describe))
        {
            RequireGroups(options, Describe);
            if (((OptionSpec[])[Members, Offsets, State]).Count(options.Has) > 1)
                throw new VerbException($"Option {Describe} takes at most one of these options: {Members}, {Offsets}, {State}");
            if (options.HasArgument(State))
                throw new VerbException($"Option {Describe} does not take a value for {State}");
        }

        if (options.Has(Delete))
        {
            RequireGroups(options, Delete);
            if (options.Has(Topic))
                throw new VerbException("The consumer does not support topic-specific offset deletion from a consumer group.");
        }

        if (options.Has(DeleteOffsets) && (!options.Has(Group) || !options.Has(Topic)))
            throw new VerbException($"Option {DeleteOffsets} takes the following options: {Topic}, {Group}");
        if (options.Has(ResetOffsets))
            CheckReset(options, error);
        options.Forbid(Group, AllGroups, List);
        options.Forbid(Topic, List, Describe);
        if (((OptionSpec[])[List, Describe, Delete, ResetOffsets, DeleteOffsets, ValidateRegex]).Count(options.Has) != 1)
            throw new VerbException("Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets, --validate-regex");
    }

    private void CheckReset(OptionSet options, TextWriter error)
    {
        if (options.Has(DryRun) && options.Has(Execute))
            throw new VerbException($"Option {ResetOffsets} only accepts one of {Execute} and {DryRun}");
        if (!options.Has(DryRun) && !options.Has(Execute))
            error.WriteLine("WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.");
        RequireGroups(options, ResetOffsets);
        foreach (var scenario in Scenarios)
            options.Forbid(scenario, Scenarios);
        if (!options.Has(AllTopics) && !options.Has(Topic) && !options.Has(FromFile))
            throw new VerbException("One of the reset scopes should be defined: --all-topics, --topic.");
        if (!Scenarios.Any(options.Has))
            throw new VerbException($"Option '{ResetOffsets}' requires one of the following scenarios: [{string.Join(", ", Scenarios.Select(scenario => scenario.ToString()))}]");
    }

    private void RequireGroups(OptionSet options, OptionSpec action)
    {
        if (!options.Has(Group) && !options.Has(AllGroups))
            throw new VerbException($"Option {action} takes one of these options: {Group}, {AllGroups}");
    }
}
