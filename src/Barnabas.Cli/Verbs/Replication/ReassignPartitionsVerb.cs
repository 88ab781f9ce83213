using System.Globalization;
using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>kafka-reassign-partitions: moves replicas between brokers and between the log directories of a broker.</summary>
internal sealed class ReassignPartitionsVerb : Verb
{
    private readonly OptionParser _parser = new("This tool helps to move topic partitions between replicas.");
    private readonly OptionSpec _server, _config, _generate, _execute, _verify, _cancel, _list, _file, _topicsFile, _brokers, _additional, _preserve, _noRack;
    private readonly OptionSpec _json, _controller, _keepFactor;
    private readonly OptionSpec _throttle, _directoryThrottle;

    public ReassignPartitionsVerb()
    {
        _server = _parser.OptionalValue("bootstrap-server", "String: Server(s) to use for bootstrapping", "The servers to connect to.");
        _controller = _parser.OptionalValue("bootstrap-controller", "String: bootstrap controller to connect to", "The controllers to connect to, with --cancel and --list.");
        _config = _parser.Value("command-config", "String: Admin client property file", "Properties of the admin client.");
        _verify = _parser.Flag("verify", "Tell how far a reassignment is, and take throttles away once it is done.");
        _generate = _parser.Flag("generate", "Propose a reassignment of topics to brokers; nothing is changed.");
        _execute = _parser.Flag("execute", "Begin a reassignment.");
        _cancel = _parser.Flag("cancel", "Stop a reassignment.");
        _list = _parser.Flag("list", "List reassignments under way.");
        _file = _parser.Value("reassignment-json-file", "String: manual assignment json file path", "The reassignment: {\"partitions\":[{\"topic\":\"foo\",\"partition\":1,\"replicas\":[1],\"log_dirs\":[\"dir1\"]}],\"version\":1}.");
        _topicsFile = _parser.Value("topics-to-move-json-file", "String: topics to reassign json file path", "The topics for --generate: {\"topics\":[{\"topic\":\"foo\"}],\"version\":1}.");
        _brokers = _parser.Value("broker-list", "String: brokerlist", "The brokers for --generate, as 0,1,2.");
        _additional = _parser.Flag("additional", "Go on while other reassignments are under way.");
        _preserve = _parser.Flag("preserve-throttles", "Leave throttles as they are.");
        _keepFactor = _parser.Flag("disallow-replication-factor-change", "Refuse to change how many replicas a partition has.");
        _noRack = _parser.Flag("disable-rack-aware", "Take no note of racks.");
        _throttle = _parser.Value("throttle", "Long: throttle", "Most bytes a second between brokers.");
        _directoryThrottle = _parser.Value("replica-alter-log-dirs-throttle", "Long: replicaAlterLogDirsThrottle", "Most bytes a second between log directories.");
        _json = _parser.Flag("json", "With --list: print JSON, an object a row. Not an option of Apache Kafka.");
        _parser.Value("timeout", "Long: timeout", "Milliseconds to wait for log directories.", "10000");
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        var actions = new[] { _generate, _execute, _verify, _cancel, _list };
        if (actions.Count(options.Has) != 1)
            throw new VerbException("Command must include exactly one action: --generate, --execute, --verify, --cancel, --list");
        if (options.Has(_server) == options.Has(_controller))
            throw new VerbException(options.Has(_server) ? "Please don't specify both --bootstrap-server and --bootstrap-controller" : "Please specify either --bootstrap-server or --bootstrap-controller");
        if (options.Has(_controller) && !options.Has(_cancel) && !options.Has(_list))
            throw new VerbException($"Option \"{_controller}\" can't be used with action \"{actions.First(options.Has)}\"");
        await using var admin = Clients.Admin(options.ValueOf(_server), options.ValueOf(_config), options.ValueOf(_controller));
        if (options.Has(_json) && !options.Has(_list))
            throw new VerbException("Option \"[json]\" can only be used with one of these: [list]");
        if (options.Has(_list))
            return await ListAsync(context, admin, options.Has(_json));
        if (options.Has(_generate))
        {
            options.Require(_topicsFile, _brokers);
            return await new ReassignmentProposal(admin, !options.Has(_noRack)).PrintAsync(context, options.Required(_topicsFile), options.Required(_brokers));
        }
        options.Require(_file);
        var wanted = Reassignment.Read(options.Required(_file));
        var mover = new ReplicaMover(context, admin);
        if (options.Has(_verify))
            return await mover.VerifyAsync(wanted, options.Has(_preserve));
        if (options.Has(_cancel))
            return await mover.CancelAsync(wanted, options.Has(_preserve));
        long? between = options.Has(_throttle) ? options.LongOf(_throttle) : null;
        long? directories = options.Has(_directoryThrottle) ? options.LongOf(_directoryThrottle) : null;
        return await mover.ExecuteAsync(wanted, options.Has(_additional), !options.Has(_keepFactor), between, directories);
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IReadOnlyList<int> ids)
    {
        json.WriteStartArray(name);
        foreach (var id in ids)
            json.WriteNumberValue(id);
        json.WriteEndArray();
    }

    private static async Task<int> ListAsync(VerbContext context, AdminClient admin, bool asJson)
    {
        var moving = await admin.ListPartitionReassignmentsAsync(null, cancellationToken: context.Stop);
        if (asJson)
        {
            context.Listing = new JsonListing();
            foreach (var (partition, state) in moving.OrderBy(m => m.Key.Topic, StringComparer.Ordinal).ThenBy(m => m.Key.Partition))
            {
                context.Listing.Add(json =>
                {
                    json.WriteString("topic", partition.Topic);
                    json.WriteNumber("partition", partition.Partition);
                    WriteIds(json, "replicas", state.Replicas);
                    WriteIds(json, "adding", state.AddingReplicas);
                    WriteIds(json, "removing", state.RemovingReplicas);
                });
            }
            return 0;
        }
        if (moving.Count == 0)
        {
            context.Out.WriteLine("No partition reassignments found.");
            return 0;
        }
        context.Out.WriteLine("Current partition reassignments:");
        foreach (var (partition, state) in moving.OrderBy(m => m.Key.Topic, StringComparer.Ordinal).ThenBy(m => m.Key.Partition))
        {
            context.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{partition}: replicas: {string.Join(",", state.Replicas)}.{Part(" adding: ", state.AddingReplicas)}{Part(" removing: ", state.RemovingReplicas)}"));
        }
        return 0;

        static string Part(string name, IReadOnlyList<int> replicas) => replicas.Count == 0 ? "" : $"{name}{string.Join(",", replicas)}.";
    }
}
