using System.Globalization;
using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Rest;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Connect.Worker;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect;

/// <summary>A whole worker: stores, herder and REST API, put together from its configuration.</summary>
public sealed class ConnectNode : IAsyncDisposable
{
    private readonly RestServer _rest;

    private ConnectNode(Herder herder, RestServer rest)
    {
        Herder = herder;
        _rest = rest;
    }

    /// <summary>Who runs the connectors.</summary>
    public Herder Herder { get; }

    /// <summary>The addresses of the REST API.</summary>
    public IReadOnlyCollection<string> Addresses => _rest.Addresses;

    /// <summary>Starts a worker.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="plugins">What it can run.</param>
    /// <param name="environment">What its clients take from the world.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConfigException">A value is not valid.</exception>
    /// <exception cref="ConnectException">Kafka cannot be reached, or a topic is not as it must be.</exception>
    /// <exception cref="IOException">The REST API's port is in use.</exception>
    public static async Task<ConnectNode> StartAsync(WorkerConfig config, PluginCatalog plugins, ClientEnvironment environment, CancellationToken cancellationToken)
    {
        var logger = environment.LoggerFactory.CreateLogger("Barnabas.Connect");
        foreach (var folder in config.Values.GetList("plugin.path")) NoteJars(logger, folder);
        var clusterId = await ClusterIdAsync(config, environment, cancellationToken);
        IOffsetStore offsets = config.IsDistributed
            ? new KafkaOffsetStore(Topic(config, "offset.storage", config.Values.GetInt("offset.storage.partitions")), environment)
            : new FileOffsetStore(config.Values.GetString("offset.storage.file.filename"));
        IStatusStore status = config.IsDistributed
            ? new KafkaStatusStore(Topic(config, "status.storage", config.Values.GetInt("status.storage.partitions")), environment)
            : new MemoryStatusStore();
        IConfigStore configs = config.IsDistributed ? new KafkaConfigStore(Topic(config, "config.storage", 1), environment) : new MemoryConfigStore();
        var options = new HerderOptions
        {
            WorkerId = WorkerId(config),
            Time = environment.Time,
            Variables = ConfigVariables.Of(config.Values.Originals),
            TracksTopics = config.Values.GetBoolean("topic.tracking.enable"),
            AllowsTopicReset = config.Values.GetBoolean("topic.tracking.allow.reset"),
        };
        var herder = new Herder(plugins, configs, status, offsets, new ConnectWorker(config, plugins, offsets, environment), options, logger);
        try
        {
            await herder.StartAsync(cancellationToken);
            var rest = await RestServer.StartAsync(config.Values.GetList("listeners"), herder, () => clusterId, environment.LoggerFactory, cancellationToken);
            NodeLog.Started(logger, string.Join(", ", rest.Addresses), clusterId);
            return new ConnectNode(herder, rest);
        }
        catch
        {
            await herder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates or replaces a connector, as the files of a standalone worker's command line do.</summary>
    /// <exception cref="ConnectException">The configuration is not valid.</exception>
    public async Task PutAsync(IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        var name = configs.GetValueOrDefault("name") ?? throw new ConfigException("Missing required configuration \"name\" which has no default value.");
        _ = await Herder.PutAsync(name, configs, TargetState.Started, mayReplace: true, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _rest.DisposeAsync();
        await Herder.DisposeAsync();
    }

    private static KafkaLogOptions Topic(WorkerConfig config, string prefix, int partitions) => new(
        new NewTopic
        {
            Name = config.Values.GetString(prefix + ".topic"),
            PartitionCount = partitions,
            ReplicationFactor = config.Values.GetShort(prefix + ".replication.factor"),
            Configs = new Dictionary<string, string?> { ["cleanup.policy"] = "compact" },
        },
        ProducerOptions.Parse(config.Client(ConfigDefinitions.Producer, "", new Dictionary<string, string> { ["acks"] = "all", ["max.in.flight.requests.per.connection"] = "1", ["delivery.timeout.ms"] = "2147483647" })),
        ConsumerOptions.Parse(config.Client(ConfigDefinitions.Consumer, "", new Dictionary<string, string> { ["enable.auto.commit"] = "false", ["auto.offset.reset"] = "earliest" })),
        AdminOptions(config));

    private static AdminClientOptions AdminOptions(WorkerConfig config) => AdminClientOptions.Parse(config.Client(ConfigDefinitions.Admin, "", new Dictionary<string, string>()));

    private static async Task<string> ClusterIdAsync(WorkerConfig config, ClientEnvironment environment, CancellationToken cancellationToken)
    {
        await using var admin = new AdminClient(AdminOptions(config), environment);
        try
        {
            return (await admin.DescribeClusterAsync(cancellationToken: cancellationToken)).ClusterId;
        }
        catch (Exception error) when (error is TimeoutException or Protocol.KafkaException)
        {
            throw new ConnectException($"The Kafka cluster at {string.Join(",", config.Values.GetList("bootstrap.servers"))} cannot be reached: {error.Message}", error);
        }
    }

    private static string WorkerId(WorkerConfig config)
    {
        var listener = new Uri(config.Values.GetList("listeners")[0].Replace("://:", "://localhost:", StringComparison.Ordinal));
        var host = config.Values.FindString("rest.advertised.host.name") ?? (listener.Host is "0.0.0.0" or "localhost" ? "127.0.0.1" : listener.Host);
        var port = config.Values.IsGiven("rest.advertised.port") ? config.Values.GetInt("rest.advertised.port") : listener.Port;
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
    }

    private static void NoteJars(ILogger logger, string folder)
    {
        if (!Directory.Exists(folder)) NodeLog.NoPluginFolder(logger, folder);
        else if (Directory.EnumerateFiles(folder, "*.jar", SearchOption.AllDirectories).Any()) NodeLog.JarsIgnored(logger, folder);
    }
}
