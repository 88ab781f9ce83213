using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Configuration;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Rest;
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

    /// <summary>The addresses of <c>admin.listeners</c>; empty where there are none.</summary>
    public IReadOnlyCollection<string> AdminAddresses => _rest.AdminAddresses;

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
        var loggers = environment.LoggerFactory as ILoggerLevels;
        if (loggers is null)
        {
            var filtered = new FilteredLoggerFactory(environment.LoggerFactory, environment.Time);
            environment = environment with { LoggerFactory = filtered };
            loggers = filtered;
        }

        var logger = environment.LoggerFactory.CreateLogger("Barnabas.Connect");
        foreach (var folder in config.Values.GetList("plugin.path")) plugins = WithFolder(plugins, logger, folder);
        var restOptions = RestOptions.Of(config, environment.Time, logger);
        var rest = await RestServer.StartAsync(restOptions, environment.Transport, environment.Time, environment.LoggerFactory.CreateLogger("Barnabas.Connect.Rest"));
        Herder? herder = null;
        try
        {
            var clusterId = await ClusterIdAsync(config, environment, cancellationToken);
            var parts = new NodeParts(config, environment, WorkerAddress.Of(config, rest.Addresses), restOptions.Tls);
            herder = parts.CreateHerder(plugins, loggers, logger, out var others);
            await herder.StartAsync(cancellationToken);
            rest.Attach(herder, others, clusterId);
            NodeLog.Started(logger, string.Join(", ", rest.Addresses), clusterId);
            return new ConnectNode(herder, rest);
        }
        catch
        {
            await rest.DisposeAsync();
            if (herder is not null) await herder.DisposeAsync();
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

    private static async Task<string> ClusterIdAsync(WorkerConfig config, ClientEnvironment environment, CancellationToken cancellationToken)
    {
        await using var admin = new AdminClient(NodeParts.AdminOptions(config), environment);
        try
        {
            return (await admin.DescribeClusterAsync(cancellationToken: cancellationToken)).ClusterId;
        }
        catch (Exception error) when (error is TimeoutException or Protocol.KafkaException)
        {
            throw new ConnectException($"The Kafka cluster at {string.Join(",", config.Values.GetList("bootstrap.servers"))} cannot be reached: {error.Message}", error);
        }
    }

    private static PluginCatalog WithFolder(PluginCatalog plugins, ILogger logger, string folder)
    {
        if (!Directory.Exists(folder))
        {
            NodeLog.NoPluginFolder(logger, folder);
            return plugins;
        }

        if (Directory.EnumerateFiles(folder, "*.jar", SearchOption.AllDirectories).Any()) NodeLog.JarsIgnored(logger, folder);
        return plugins.With(PluginFolder.Load(folder, logger));
    }
}
