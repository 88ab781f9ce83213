using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.ConsumerGroups;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.StreamsReset;

/// <summary>kafka-streams-application-reset: input topics back to where they are to be read from, internal topics deleted, so that an application starts anew.</summary>
internal sealed class StreamsResetVerb : Verb
{
    private readonly OptionParser _parser = new("Reset a Streams application: the offsets of its input topics are set back and its internal topics are deleted. Stop all its instances first, and delete their local state after.");
    private readonly OptionSpec _server, _config, _application, _inputs, _internals, _dryRun, _force, _oldConfig, _intermediates;
    private readonly OptionSpec _earliest, _latest, _offset, _datetime, _duration, _shift, _file;

    public StreamsResetVerb()
    {
        _application = _parser.Value("application-id", "String: id", "REQUIRED: The application's id.", required: true);
        _server = _parser.Value("bootstrap-server", "String: server to connect to", "The servers to connect to.", "localhost:9092");
        _config = _parser.Value("command-config", "String: file name", "Properties of the clients.");
        _oldConfig = _parser.Value("config-file", "String: file name", "(DEPRECATED) The former name of --command-config.");
        _inputs = _parser.Value("input-topics", "String: list", "The application's input topics, divided by commas.");
        _intermediates = _parser.Value("intermediate-topics", "String: list", "(DEPRECATED) Topics that the application writes and reads, divided by commas: their offsets are set to the end.");
        _internals = _parser.Value("internal-topics", "String: list", "The internal topics to delete, divided by commas; all that are found without it.");
        _earliest = _parser.Flag("to-earliest", "Set offsets to the earliest.");
        _latest = _parser.Flag("to-latest", "Set offsets to the latest.");
        _offset = _parser.Value("to-offset", "Long", "Set offsets to this one.");
        _datetime = _parser.Value("to-datetime", "String", "Set offsets to those of this time: YYYY-MM-DDThh:mm:ss.sss.");
        _duration = _parser.Value("by-duration", "String", "Set offsets to those before a duration: PnDTnHnMnS.");
        _shift = _parser.Value("shift-by", "Long: number-of-offsets", "Move offsets by this number.");
        _file = _parser.Value("from-file", "String", "Set offsets to those of a CSV file with lines of topic,partition,offset.");
        _dryRun = _parser.Flag("dry-run", "Tell what would be done and do nothing.");
        _force = _parser.Flag("force", "Remove members of the group that are still there.");
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return 0;
        OptionSpec[] scenarios = [_offset, _datetime, _duration, _earliest, _latest, _file, _shift];
        foreach (var scenario in scenarios)
            options.Forbid(scenario, scenarios);
        options.Forbid(_config, _oldConfig);
        if (options.Has(_oldConfig))
            context.Out.WriteLine("Option --config-file has been deprecated and will be removed in a future version. Use --command-config instead.");
        var isDry = options.Has(_dryRun);
        if (isDry)
            context.Out.WriteLine("----Dry run displays the actions which will be performed when running Streams Reset Tool----");
        await using var admin = Clients.Admin(options, _server, options.Has(_oldConfig) ? _oldConfig : _config);
        var group = options.Required(_application);
        await EnsureInactiveAsync(context, admin, group, options.Has(_force));
        var topics = (await admin.ListTopicsAsync(includeInternal: true, cancellationToken: context.Stop)).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var status = await ResetAsync(context, admin, options, group, topics, isDry);
        await DeleteInternalAsync(context, admin, options, group, topics, isDry);
        return status;
    }

    private static async Task EnsureInactiveAsync(VerbContext context, AdminClient admin, string group, bool isForced)
    {
        var described = (await admin.DescribeConsumerGroupsAsync([group], cancellationToken: context.Stop))[group];
        if (described.Error is { ErrorCode: ErrorCode.GroupIdNotFound } || described.Error is null && described.Value.Members.Count == 0)
            return;
        if (described.Error is { } error)
            throw new VerbException($"ERROR: {error.Message}");
        if (!isForced)
            throw new VerbException($"ERROR: Consumer group '{group}' is still active and has following members: [{string.Join(", ", described.Value.Members.Select(m => m.MemberId))}]. Make sure to stop all running application instances before running the reset tool. You can use option '--force' to remove active members from the group.");
        context.Out.WriteLine($"Force deleting all active members in the group: {group}");
        foreach (var outcome in (await admin.RemoveMembersFromGroupAsync(group, null, cancellationToken: context.Stop)).Values)
            _ = outcome.Value;
    }

    private async Task<int> ResetAsync(VerbContext context, AdminClient admin, OptionSet options, string group, HashSet<string> topics, bool isDry)
    {
        var inputs = Existing(context, options, _inputs, "input", topics);
        var intermediates = Existing(context, options, _intermediates, "intermediate", topics);
        var isMissing = inputs.IsMissing || intermediates.IsMissing;
        List<string> found = [.. inputs.Found, .. intermediates.Found];
        if (found.Count == 0)
            return isMissing ? 1 : 0;
        var partitions = (await admin.DescribeTopicsAsync(found, cancellationToken: context.Stop))
            .SelectMany(t => t.Value.Value.Partitions.Select(p => new TopicPartition(t.Key, p.Partition))).ToList();
        var first = await OffsetsAsync(context, admin, partitions, OffsetSpec.Earliest);
        var last = await OffsetsAsync(context, admin, partitions, OffsetSpec.Latest);
        var reset = partitions.FindAll(p => inputs.Found.Contains(p.Topic));
        var wanted = reset.Count == 0 ? [] : await WantedAsync(context, admin, options, group, reset, first, last);
        if (reset.Count > 0)
            context.Out.WriteLine($"Reset-offsets for input topics [{string.Join(", ", inputs.Found)}]");
        foreach (var partition in reset)
        {
            wanted[partition] = Math.Clamp(wanted[partition], first[partition], last[partition]);
            context.Out.WriteLine($"Topic: {partition.Topic} Partition: {partition.Partition} Offset: {wanted[partition]}");
        }
        if (intermediates.Found.Count > 0)
            context.Out.WriteLine($"Seek-to-end for intermediate topics [{string.Join(", ", intermediates.Found)}]");
        foreach (var partition in partitions.Except(reset))
            wanted[partition] = last[partition];
        if (isDry)
            return isMissing ? 1 : 0;
        foreach (var outcome in (await admin.AlterGroupOffsetsAsync(group, wanted.ToDictionary(w => w.Key, w => new OffsetAndMetadata(w.Value)), null, context.Stop)).Values)
            _ = outcome.Value;
        return isMissing ? 1 : 0;
    }

    private static (List<string> Found, bool IsMissing) Existing(VerbContext context, OptionSet options, OptionSpec option, string kind, HashSet<string> topics)
    {
        var named = List(options.ValueOf(option));
        var missing = named.Where(t => !topics.Contains(t)).ToList();
        if (missing.Count > 0)
            context.Error.WriteLine($"Following {kind} topics are not found, skipping them\n{string.Join("\n", missing.Select(t => $"Topic: {t}"))}");
        return (named.FindAll(topics.Contains), missing.Count > 0);
    }

    private async Task<Dictionary<TopicPartition, long>> WantedAsync(
        VerbContext context, AdminClient admin, OptionSet options, string group, List<TopicPartition> partitions, Dictionary<TopicPartition, long> first, Dictionary<TopicPartition, long> last)
    {
        if (options.Has(_latest))
            return new(last);
        if (options.Has(_offset))
            return partitions.ToDictionary(p => p, _ => options.LongOf(_offset));
        if (options.Has(_file))
        {
            // What the file does not name stays where the group would begin.
            var plan = ResetPlan.Read(options.Required(_file), group).GetValueOrDefault(group) ?? throw new VerbException("Error parsing reset plan CSV file. It is empty,");
            return partitions.ToDictionary(p => p, p => plan.TryGetValue(p, out var offset) ? offset : first[p]);
        }
        if (options.Has(_shift))
        {
            var committed = (await admin.ListGroupOffsetsAsync(new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group] = partitions }, cancellationToken: context.Stop))[group].Value;
            return partitions.ToDictionary(p => p, p => (committed.GetValueOrDefault(p)?.Offset ?? first[p]) + options.LongOf(_shift));
        }
        if (!options.Has(_datetime) && !options.Has(_duration))
            return new(first);
        var time = options.Has(_datetime) ? ResetTimes.ParseDateTime(options.Required(_datetime)) : ResetTimes.Before(context.Time.GetUtcNow(), options.Required(_duration));
        var found = await OffsetsAsync(context, admin, partitions, OffsetSpec.ForTimestamp(time));
        return partitions.ToDictionary(p => p, p => found[p] >= 0 ? found[p] : last[p]);
    }

    private async Task DeleteInternalAsync(VerbContext context, AdminClient admin, OptionSet options, string group, HashSet<string> topics, bool isDry)
    {
        var own = topics.Where(t => t.StartsWith(group + "-", StringComparison.Ordinal)
            && (t.EndsWith("-changelog", StringComparison.Ordinal) || t.EndsWith("-repartition", StringComparison.Ordinal)
                || t.EndsWith("-subscription-registration-topic", StringComparison.Ordinal) || t.EndsWith("-subscription-response-topic", StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToList();
        var named = List(options.ValueOf(_internals));
        if (named.Find(t => !own.Contains(t)) is { } foreign)
            throw new VerbException($"Invalid topic specified in '--internal-topics': {foreign} is not an internal topic of {group}. Ensure that the topics specified are all internal topics. Do a dry run without '--internal-topics' to list all of them.");
        var doomed = named.Count > 0 ? named : own;
        if (doomed.Count == 0)
            return;
        context.Out.WriteLine($"Deleting {(named.Count > 0 ? "" : "inferred ")}internal topics [{string.Join(", ", doomed)}]");
        if (isDry)
            return;
        foreach (var (topic, outcome) in await admin.DeleteTopicsAsync(doomed, cancellationToken: context.Stop))
        {
            if (outcome.Error is { } error)
                throw new VerbException($"ERROR: Deleting topic {topic} failed: {error.Message}");
        }
        context.Out.WriteLine("Done.");
    }

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(VerbContext context, AdminClient admin, List<TopicPartition> partitions, OffsetSpec spec) =>
        (await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => spec), cancellationToken: context.Stop)).ToDictionary(o => o.Key, o => o.Value.Value.Offset);

    private static List<string> List(string? text) => [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
