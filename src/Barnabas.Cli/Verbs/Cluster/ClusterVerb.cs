using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Cluster;

/// <summary>kafka-cluster: the cluster's id and endpoints; takes brokers out that are gone for good.</summary>
internal sealed class ClusterVerb : Verb
{
    private readonly ArgumentParser _parser = new("kafka-cluster", "The Kafka cluster tool.");
    private readonly Target _id;
    private readonly Target _unregister;
    private readonly Argument _brokerId;
    private readonly Target _endpoints;
    private readonly Argument _includeFenced;

    public ClusterVerb()
    {
        _id = new Target(_parser.Command("cluster-id", "Get information about the ID of a cluster."));
        _unregister = new Target(_parser.Command("unregister", "Unregister a broker."));
        _brokerId = _unregister.Command.Value("--id/-i", "The ID of the broker to unregister.", required: true, type: ArgumentType.Integer);
        _endpoints = new Target(_parser.Command("list-endpoints", "List endpoints").WithJson());
        _includeFenced = _endpoints.Command.Flag("--include-fenced-brokers", "Whether to list fenced brokers too.");
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var call = _parser.Parse(arguments);
        context.Listing = call.AsksForJson ? new JsonListing() : null;
        var target = call.Command == _id.Command ? _id : call.Command == _unregister.Command ? _unregister : _endpoints;
        await using var admin = target.Connect(context, call);
        if (target == _id)
        {
            var id = (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).ClusterId;
            context.Out.WriteLine(id.Length > 0 ? $"Cluster ID: {id}" : "No cluster ID found. The Kafka version is probably too old.");
        }
        else if (target == _unregister)
        {
            await UnregisterAsync(context, admin, call.IntOf(_brokerId));
        }
        else
        {
            await ListEndpointsAsync(context, admin, call);
        }

        return 0;
    }

    private static async Task UnregisterAsync(VerbContext context, AdminClient admin, int brokerId)
    {
        try
        {
            await admin.UnregisterBrokerAsync(brokerId, cancellationToken: context.Stop);
            context.Out.WriteLine($"Broker {brokerId} is no longer registered.");
        }
        catch (KafkaException error) when (error.ErrorCode == ErrorCode.UnsupportedVersion)
        {
            throw new VerbException("The target cluster does not support the broker unregistration API.");
        }
    }

    private async Task ListEndpointsAsync(VerbContext context, AdminClient admin, ArgumentSet call)
    {
        var ofControllers = call.Has(_endpoints.BootstrapController);
        var includeFenced = call.Has(_includeFenced);
        if (ofControllers && includeFenced)
            throw new VerbException("The option --include-fenced-brokers is only supported with --bootstrap-server option");
        var cluster = await admin.DescribeClusterAsync(includeFencedBrokers: includeFenced, cancellationToken: context.Stop);
        if (cluster.Nodes.Count == 0)
            return;
        var hostWidth = cluster.Nodes.Max(node => node.Host.Length);
        var rackWidth = cluster.Nodes.Max(node => node.Rack?.Length ?? 10);
        string Row(string id, string host, string port, string rack, string state, string type) =>
            $"{id,-10} {host.PadRight(hostWidth)} {port,-10} {rack.PadRight(rackWidth)} {(ofControllers ? "" : $"{state,-10} ")}{type,-15}";
        if (context.Listing is null)
            context.Out.WriteLine(Row("ID", "HOST", "PORT", "RACK", "STATE", "ENDPOINT_TYPE"));
        foreach (var node in cluster.Nodes)
        {
            var state = cluster.FencedNodes.Contains(node.Id) ? "fenced" : "unfenced";
            if (context.Listing is { } listing)
            {
                listing.Add(
                    ["ID", "HOST", "PORT", "RACK", "STATE", "ENDPOINT_TYPE"],
                    [$"{node.Id}", node.Host, $"{node.Port}", node.Rack ?? "-", ofControllers ? "-" : state, ofControllers ? "controller" : "broker"]);
                continue;
            }

            context.Out.WriteLine(Row(
                node.Id.ToString(CultureInfo.InvariantCulture), node.Host, node.Port.ToString(CultureInfo.InvariantCulture), node.Rack ?? "null", state, ofControllers ? "controller" : "broker"));
        }
    }

    /// <summary>A sub-command with the options that say which cluster is meant.</summary>
    private sealed class Target
    {
        private readonly Argument _bootstrapServer;
        private readonly Argument _config;
        private readonly Argument _commandConfig;

        public Target(ArgumentParser command)
        {
            Command = command;
            _config = command.Value("--config", "(DEPRECATED) A property file for the admin client; use --command-config.");
            _commandConfig = command.Value("--command-config/-c", "Config properties file for the Admin client.");
            _bootstrapServer = command.Value("--bootstrap-server/-b", "A list of host/port pairs to use for establishing the connection to the Kafka cluster.");
            BootstrapController = command.Value("--bootstrap-controller/-C", "A list of host/port pairs to use for establishing the connection to the KRaft controllers.");
            command.OneOf(required: true, _bootstrapServer, BootstrapController);
            command.OneOf(required: false, _config, _commandConfig);
        }

        public ArgumentParser Command { get; }

        public Argument BootstrapController { get; }

        public AdminClient Connect(VerbContext context, ArgumentSet call)
        {
            if (call.Has(_config))
                context.Out.WriteLine("Option --config has been deprecated and will be removed in a future version. Use --command-config instead.");
            return Clients.Admin(call.ValueOf(_bootstrapServer), call.ValueOf(_commandConfig) ?? call.ValueOf(_config), call.ValueOf(BootstrapController));
        }
    }
}
