using Barnabas.Cli.Framework;
using Barnabas.Cli.Logging;
using Barnabas.Cli.Server.Memory;
using Barnabas.Client;
using Barnabas.Configuration;
using Barnabas.Connect;
using Barnabas.Connect.Errors;
using Barnabas.Connect.File;
using Barnabas.Connect.Http;
using Barnabas.Connect.Jdbc;
using Barnabas.Connect.Mqtt;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Worker;

namespace Barnabas.Cli.Verbs.Connect;

/// <summary>Runs a worker until it is asked to stop, with its log on the standard output and in <c>logs/connect.log</c>.</summary>
internal static class ConnectRunner
{
    // Nobody waits for an idle worker: it collects sooner than a node.
    private const long WorthwhileBytes = 2 * 1024 * 1024;

    /// <summary>The connectors that are built in.</summary>
    public static PluginCatalog Plugins { get; } = new(() => FilePlugins.All, () => JdbcPlugins.All, () => HttpPlugins.All, () => MqttPlugins.All);

    /// <summary>A worker in the process of a node, on that node: topics, group and port as the tutorials have them.</summary>
    public static async Task<IAsyncDisposable> StartBesideAsync(VerbContext context, string bootstrapServers, string listener, NodeLoggerFactory loggers)
    {
        var properties = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = bootstrapServers,
            ["group.id"] = "connect-cluster",
            ["key.converter"] = "org.apache.kafka.connect.json.JsonConverter",
            ["value.converter"] = "org.apache.kafka.connect.json.JsonConverter",
            ["offset.flush.interval.ms"] = "10000",
            ["listeners"] = listener,
            ["scheduled.rebalance.max.delay.ms"] = "0",
        };
        foreach (var (prefix, topic) in ((string, string)[])[("offset", "connect-offsets"), ("config", "connect-configs"), ("status", "connect-status")])
        {
            properties[prefix + ".storage.topic"] = topic;
            properties[prefix + ".storage.replication.factor"] = "1";
        }

        return await ConnectNode.StartAsync(WorkerConfig.Distributed(properties), Plugins, ClientEnvironment.ForProgram(new ConnectLoggers(loggers, context.Time)), context.Stop);
    }

    public static async Task<int> RunAsync(VerbContext context, WorkerConfig config, IReadOnlyList<IReadOnlyDictionary<string, string>> connectors)
    {
        var levels = LogLevels.Load(Path.Combine(context.Home, "config"), "connect-log4j");
        using var idleMemory = new IdleMemory(new ProcessMemory(), context.Time, WorthwhileBytes);
        await context.Out.FlushAsync();
        await using var sink = new LogSink(context.OutputStream, Path.Combine(context.LogDirectory, "connect.log"), context.Time);
        using var loggers = new NodeLoggerFactory(levels, new TextLayout(), sink, context.Time);
        try
        {
            await using var node = await ConnectNode.StartAsync(config, Plugins, ClientEnvironment.ForProgram(new ConnectLoggers(loggers, context.Time)), context.Stop);
            foreach (var connector in connectors) await node.PutAsync(connector, context.Stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception error) when (error is ConnectException or ConfigException or IOException)
        {
            throw new VerbException("Stopping due to error: " + error.Message);
        }

        return 0;
    }
}
