using System.Globalization;
using System.Runtime.CompilerServices;
using Barnabas.Broker.Node;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Logging;
using Barnabas.Cli.Server;
using Barnabas.Cli.Verbs.Connect;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Connect.Errors;

namespace Barnabas.Cli.Verbs;

/// <summary>barnabas start: one node for a person at this machine, without any configuration.</summary>
internal sealed class StartVerb : Verb
{
    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Runs a node on this machine; the data directory is formatted when it is empty.");
        var host = parser.Value("host", "String: host", "Host to listen on and to tell clients.", "localhost");
        var port = parser.Value("port", "Integer: port", "Port to listen on; 0 takes one that is free.", "9092");
        var data = parser.Value("data", "String: directory", "Where data is kept.", "./data");
        var connect = parser.Flag("connect", "Runs a Kafka Connect worker in the same process.");
        var connectListener = parser.Value("connect-listener", "String: url", "Where that worker's REST API listens.", "http://localhost:8083");
        var overrides = parser.Value("override", "String: property=value", "A key of the node's configuration; may be given again.");
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return Task.FromResult(0);
        if (options.Words.Count > 0)
            throw new VerbException($"Found non argument parameters: {options.Words[0]}; kafka-server-start takes a configuration file");
        var address = $"{options.Required(host)}:{options.IntOf(port).ToString(CultureInfo.InvariantCulture)}";
        var properties = Defaults(address, Path.GetFullPath(options.Required(data)));
        Overrides.Apply(properties, options.ValuesOf(overrides).SelectMany(text => (string[])["--override", text]).ToList());
        var config = BrokerConfig.Create(properties);
        var withConnect = options.Has(connect);
        return NodeRunner.RunAsync(
            context,
            config,
            node => context.Error.WriteLine($"Barnabas serves Kafka clients on {ClientAddresses(node)}; data in {config.LogDirs[0]}{(withConnect ? $"; Kafka Connect on {options.Required(connectListener)}" : "")}; Ctrl+C stops it."),
            withConnect ? (node, loggers) => StartConnectAsync(context, ClientAddresses(node), options.Required(connectListener), loggers) : null);
    }

    private static string ClientAddresses(BrokerNode node) => string.Join(", ", node.Endpoints.Select(endpoint => $"{endpoint.Host}:{endpoint.Port}"));

    // In a method of its own, so that the web server is loaded only where it is used.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<IAsyncDisposable> StartConnectAsync(VerbContext context, string bootstrapServers, string listener, NodeLoggerFactory loggers)
    {
        try
        {
            return await ConnectRunner.StartBesideAsync(context, bootstrapServers, listener, loggers);
        }
        catch (Exception error) when (error is ConnectException or ConfigException or IOException)
        {
            throw new VerbException("The Kafka Connect worker cannot start: " + error.Message);
        }
    }

    private static Dictionary<string, string> Defaults(string address, string data) => new(StringComparer.Ordinal)
    {
        ["process.roles"] = "broker,controller",
        ["node.id"] = "1",
        ["listeners"] = $"PLAINTEXT://{address},CONTROLLER://localhost:0",
        ["controller.listener.names"] = "CONTROLLER",
        ["controller.quorum.voters"] = "1@localhost:9093",
        ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
        ["log.dirs"] = data,
        ["barnabas.format.empty.directories"] = "true",
        ["offsets.topic.replication.factor"] = "1",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["share.coordinator.state.topic.replication.factor"] = "1",
        ["share.coordinator.state.topic.min.isr"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
    };
}
