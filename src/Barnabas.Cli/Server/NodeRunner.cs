using System.Runtime.CompilerServices;
using Barnabas.Broker.Node;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Logging;
using Barnabas.Cli.Server.Memory;
using Barnabas.Cli.Server.Otlp;
using Barnabas.Configuration.Brokers;
using Barnabas.Storage.Disks;
using Barnabas.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Server;

/// <summary>Runs a node until it is asked to stop or fails, with its log on the standard output and in <c>logs/server.log</c>.</summary>
internal static class NodeRunner
{
    public static async Task<int> RunAsync(VerbContext context, BrokerConfig config, Action<BrokerNode>? started = null, Func<BrokerNode, NodeLoggerFactory, Task<IAsyncDisposable>>? beside = null)
    {
        var levels = LogLevels.Load(Path.Combine(context.Home, "config"), "log4j");
        await context.Out.FlushAsync();
        await using var sink = new LogSink(context.OutputStream, Path.Combine(context.LogDirectory, "server.log"), context.Time);
        using var loggers = new NodeLoggerFactory(levels, config.GetString("barnabas.log.format") == "json" ? new JsonLayout() : new TextLayout(), sink, context.Time);
        var logger = loggers.CreateLogger("Barnabas.Server");
        try
        {
            await RunAsync(context, config, loggers, logger, started, beside);
            return 0;
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            ServerLog.StoppedWhileStarting(logger, config.NodeId);
            return 0;
        }
        catch (Exception error)
        {
            ServerLog.Failed(logger, config.NodeId, error.Message);
            throw;
        }
    }

    private static async Task RunAsync(VerbContext context, BrokerConfig config, NodeLoggerFactory loggers, ILogger logger, Action<BrokerNode>? started, Func<BrokerNode, NodeLoggerFactory, Task<IAsyncDisposable>>? beside)
    {
        // Not the cryptographic generator: OpenSSL would be loaded at each start for one number.
        var random = new Random(Random.Shared.Next());
        await using var node = await BrokerNode.StartAsync(config, new SocketTransport(NodeSockets.Of(config)), new PhysicalDisk(), context.Time, random, loggers, context.Stop);
        await using var export = OtlpOptions.Of(config) is { } options ? StartExport(options, node, context.Time, loggers) : null;
        using var idleMemory = new IdleMemory(new ProcessMemory(), context.Time, recordsAppended: node.CountRecordsAppended);
        ServerLog.Started(logger, config.NodeId);
        await using var other = beside is null ? null : await beside(node, loggers);
        started?.Invoke(node);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.Stop.Register(asked.SetResult);
        if (await Task.WhenAny(asked.Task, node.Failed) == node.Failed)
            throw await node.Failed;
    }

    // In a method of its own, so that OpenTelemetry is loaded only where it is used.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IAsyncDisposable StartExport(OtlpOptions options, BrokerNode node, TimeProvider time, ILoggerFactory loggers) =>
        OtlpExport.Start(options, node.ReadMetrics, time, loggers.CreateLogger("Barnabas.Telemetry"));
}
