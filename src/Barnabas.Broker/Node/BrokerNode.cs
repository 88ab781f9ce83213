using Barnabas.Configuration.Logging;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Fetching;
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Replication;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Telemetry;
using Barnabas.Broker.Topics;
using Barnabas.Broker.Transactions;
using Barnabas.Configuration.Brokers;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Transactions;
using Barnabas.Metadata;
using Barnabas.Metadata.Authorizer;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;
using Barnabas.Storage.Producers;
using Barnabas.Transport;
using Barnabas.Transport.Server;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>
/// One node, broker and controller in one: the composition root of everything below the command line. Started by <see cref="StartAsync"/>,
/// which returns when clients are served; stopped by <see cref="DisposeAsync"/>.
/// </summary>
public sealed class BrokerNode : IAsyncDisposable
{
    private const int StorageThreads = 4;

    private static readonly TimeSpan ControlledShutdownPatience = TimeSpan.FromSeconds(5);

    private readonly BrokerConfig _config;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StorageWorkers _workers;
    private readonly LogManager _logs;
    private readonly MetadataNode _quorum;
    private readonly GroupCoordinatorService _groups;
    private readonly TransactionCoordinatorService _transactions;
    private readonly NodeSharing _sharing;
    private readonly ListenerSet _listeners;
    private readonly BrokerLifecycle _lifecycle;
    private readonly ControllerRegistrationManager _registration;
    private readonly AssignmentsManager _assignments;
    private NodeMetrics? _metrics;
    private TelemetryEndpoint? _telemetry;
    private int _stopped;

    private BrokerNode(
        BrokerConfig config, string clusterId, TimeProvider time, ILogger logger, StorageWorkers workers, LogManager logs, MetadataNode quorum,
        GroupCoordinatorService groups, NodeSharing sharing, TransactionCoordinatorService transactions, ListenerSet listeners, BrokerLifecycle lifecycle, ControllerRegistrationManager registration,
        AssignmentsManager assignments)
    {
        _config = config;
        ClusterId = clusterId;
        _time = time;
        _logger = logger;
        _workers = workers;
        _logs = logs;
        _quorum = quorum;
        _groups = groups;
        _transactions = transactions;
        _sharing = sharing;
        _listeners = listeners;
        _lifecycle = lifecycle;
        _registration = registration;
        _assignments = assignments;
    }

    /// <summary>The id of the cluster.</summary>
    public string ClusterId { get; }

    /// <summary>Where clients reach this node, by listener: the advertised addresses.</summary>
    public IReadOnlyList<NodeEndpoint> Endpoints => _listeners.BrokerEndpoints;

    /// <summary>Where <c>/metrics</c> and <c>/health</c> are served; null where <c>barnabas.metrics.listener</c> is not set.</summary>
    public System.Net.IPEndPoint? MetricsEndPoint => _telemetry?.LocalEndPoint;

    /// <summary>Reads all metrics as they are now.</summary>
    public IReadOnlyList<MetricSample> ReadMetrics() => [.. _metrics!.Read()];

    /// <summary>Counts the records that this node appended since its start, of all logs that it still has.</summary>
    public long CountRecordsAppended() => _logs.Logs.Sum(static log => log.RecordsAppended);

    /// <summary>Completes, with the reason, when the node can no longer follow its metadata log; its owner disposes it then.</summary>
    public Task<Exception> Failed => _quorum.Failed;

    /// <summary>Starts a node and waits until it serves clients.</summary>
    /// <param name="config">Its configuration; process.roles has to be broker and controller.</param>
    /// <param name="transport">The network.</param>
    /// <param name="disk">The file system.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Chance; used under no lock, so not shared with others.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellation">Ends the start early; what was started is stopped, and data that was not checked yet is checked by the next start.</param>
    /// <exception cref="OperationCanceledException">The start was cancelled.</exception>
    /// <exception cref="Barnabas.Configuration.ConfigException">The configuration does not fit the directories, or asks for what is not there.</exception>
    /// <exception cref="KafkaException">A log directory is used by another process, or the controller refuses the broker.</exception>
    /// <exception cref="TransportException">A port cannot be bound.</exception>
    public static async Task<BrokerNode> StartAsync(
        BrokerConfig config, ITransport transport, IDisk disk, TimeProvider time, Random random, ILoggerFactory loggers, CancellationToken cancellation = default)
    {
        var began = time.GetTimestamp();
        var logger = loggers.CreateLogger("Barnabas.Broker");
        foreach (var note in config.Notes)
            BrokerLog.ConfigurationNote(logger, note);
        if (!config.IsCombined)
            throw new Barnabas.Configuration.ConfigException("This version runs nodes that are broker and controller in one: set process.roles=broker,controller");
        var clusterId = NodeDirectories.Prepare(config, disk, time, random, logger);
        BrokerLog.Starting(logger, config.NodeId, clusterId, string.Join(",", config.LogDirs));
        // What was started is undone in reverse where a later step fails.
        var undo = new Stack<Func<ValueTask>>();
        try
        {
            var node = await ComposeAsync(config, clusterId, transport, disk, time, random, loggers, logger, undo, cancellation);
            BrokerLog.Started(logger, config.NodeId, (long)time.GetElapsedTime(began).TotalMilliseconds);
            return node;
        }
        catch
        {
            while (undo.TryPop(out var step))
                await step();
            throw;
        }
    }

    /// <summary>Stops cleanly: leadership handed over, no more requests, everything flushed, checkpoints and the clean-shutdown marker written. Once; further calls do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        var began = _time.GetTimestamp();
        BrokerLog.Stopping(_logger, _config.NodeId);
        if (_telemetry is not null)
            await _telemetry.DisposeAsync();
        if (await Task.WhenAny(_lifecycle.ShutDownAsync(ControlledShutdownPatience), _quorum.Failed) == _quorum.Failed)
            BrokerLog.MetadataFailed(_logger, await _quorum.Failed);
        await _listeners.DisposeAsync();
        await _registration.StopAsync();
        await _assignments.StopAsync();
        await _lifecycle.StopAsync();
        _transactions.Dispose();
        _groups.Dispose();
        _sharing.Dispose();
        await _quorum.DisposeAsync();
        _logs.Shutdown(_lifecycle.BrokerEpoch);
        _workers.Dispose();
        BrokerLog.Stopped(_logger, _config.NodeId, (long)_time.GetElapsedTime(began).TotalMilliseconds);
    }

    private static async Task<BrokerNode> ComposeAsync(
        BrokerConfig config, string clusterId, ITransport transport, IDisk disk, TimeProvider time, Random random,
        ILoggerFactory loggers, ILogger logger, Stack<Func<ValueTask>> undo, CancellationToken cancellation)
    {
        var identity = new BrokerIdentity(config.NodeId, clusterId);
        var storageLogger = loggers.CreateLogger("Barnabas.Storage");
        var workers = new StorageWorkers(time, storageLogger, StorageThreads);
        undo.Push(() => { workers.Dispose(); return ValueTask.CompletedTask; });
        var services = new LogServices { Disk = disk, Time = time, Random = new Random(random.Next()), Logger = storageLogger, Workers = workers, Producers = NodeLogs.Producers(config), Stopping = cancellation, Decompression = LogServices.DecompressionOf(config.GetLong("barnabas.decompression.max.bytes")) };
        var logs = await NodeLogs.OpenAsync(config, services, cancellation);
        undo.Push(() => { logs.Dispose(); return ValueTask.CompletedTask; });
        var quorum = OpenQuorum(config, logs, services, random, loggers);
        undo.Push(quorum.DisposeAsync);
        // Its log is read and the controller becomes active on threads of their own, while the broker is put together here.
        quorum.Start();

        var metadata = new MetadataCache();
        var dynamicConfig = new DynamicBrokerConfig(config, logger);
        var replicas = new ReplicaManager(config.NodeId, logs, metadata, dynamicConfig, logger);
        var assignments = new AssignmentsManager(config.NodeId, quorum.Controller, time, logger);
        var moves = new ReplicaAlterLogDirsManager(replicas, logs, workers, assignments, metadata, dynamicConfig, logger);
        replicas.ReplicaCreated = new ReplicaDirectories(config.NodeId, logs, assignments, moves).OnCreated;
        var controller = new LocalController(quorum, metadata, time);
        var autoTopicCreation = new AutoTopicCreation(controller, metadata, dynamicConfig, time, logger);
        var sharing = new NodeSharing(config, replicas, metadata, dynamicConfig, autoTopicCreation, time, new Random(random.Next()), loggers);
        undo.Push(() => { sharing.Dispose(); return ValueTask.CompletedTask; });
        var groups = new GroupCoordinatorService(
            GroupCoordination.Config(config), GroupCoordination.RuntimeOptions(config), new CoordinatorLogs(replicas, static () => 0), time,
            new Random(random.Next()), TaskScheduler.Default, sharing.GroupServices, loggers.CreateLogger("Barnabas.GroupCoordinator"));
        undo.Push(() => { groups.Dispose(); return ValueTask.CompletedTask; });
        var coordination = new GroupCoordination(groups, config.NodeId);

        var clientQuotas = new QuotaManagers(dynamicConfig, time);
        var authorizer = AuthorizerOptions.Read(config) is { } rules ? new StandardAuthorizer(rules, loggers.CreateLogger("kafka.authorizer.logger")) : null;
        var clientTelemetry = new ClientTelemetry(config.GetInt("telemetry.max.bytes"), services.Decompression, new Random(random.Next()), time);
        var topicMetrics = new TopicMetrics();
        var requestMetrics = new RequestMetrics(time);
        var tracing = RequestTracing.Create(config, metadata);
        var fetchSessions = new FetchSessionCache(config.GetInt("max.incremental.fetch.session.cache.slots"), time, new Random(random.Next()));
        BrokerLifecycle? lifecycle = null;
        var producerIds = new ProducerIdManager(config.NodeId, () => lifecycle!.BrokerEpoch, quorum.Controller);
        var markers = new TransactionMarkerAppender(replicas, groups, topic => MinInSyncReplicas.Of(metadata.Image, topic, dynamicConfig.Current), time);
        var transactionLogger = loggers.CreateLogger("Barnabas.TransactionCoordinator");
        var transactions = new TransactionCoordinatorService(
            TransactionCoordination.Config(config), TransactionCoordination.RuntimeOptions(config),
            new CoordinatorLogs(replicas, () => MinInSyncReplicas.Of(metadata.Image, TopicNames.TransactionState, dynamicConfig.Current)),
            new TransactionMarkerWriter(metadata, markers, time, transactionLogger), producerIds.NextAsync, () => TransactionVersions.Of(metadata), time,
            new Random(random.Next()), TaskScheduler.Default, transactionLogger);
        undo.Push(() => { transactions.Dispose(); return ValueTask.CompletedTask; });
        var transactionCoordination = new TransactionCoordination(transactions, config.NodeId);
        var network = loggers.CreateLogger("Barnabas.Network");
        var apis = NodeApis.Create(new NodeServices
        {
            Identity = identity,
            Config = dynamicConfig,
            Metadata = metadata,
            Replicas = replicas,
            Logs = logs,
            Moves = moves,
            Controller = controller,
            Quorum = quorum.Raft,
            Network = network,
            Groups = groups,
            ProducerIds = producerIds,
            Transactions = transactions,
            TransactionMarkers = markers,
            ShareCoordinator = sharing.Coordinator,
            SharePartitions = sharing.Partitions,
            FetchSessions = fetchSessions,
            AutoTopicCreation = autoTopicCreation,
            Quotas = clientQuotas,
            ClientTelemetry = clientTelemetry,
            TopicMetrics = topicMetrics,
            Loggers = new RuntimeLoggerManager(config.NodeId, loggers as ILoggerLevels ?? new FixedLevels(), logger),
            Authorizer = authorizer,
            Time = time,
        });
        var quotas = new ConnectionQuotas(ListenerSet.Limits(config), clientQuotas.Connections);
        var listeners = await ListenerSet.BindAsync(
            config, transport, metadata, new RequestDispatcher(apis, ListenerKind.Broker, authorizer, clientQuotas.Request, requestMetrics, tracing, time, logger), new RequestDispatcher(apis, ListenerKind.Controller, authorizer, clientQuotas.Request, requestMetrics, tracing, time, logger), quotas, time, network);
        undo.Push(listeners.DisposeAsync);
        dynamicConfig.Changed += changed => logs.Cleaner.Reconfigure(NodeLogs.Cleaner(changed));
        dynamicConfig.Changed += changed => services.Producers = NodeLogs.Producers(changed);
        dynamicConfig.Changed += listeners.Change;
        dynamicConfig.Changed += changed => quotas.Limits = ListenerSet.Limits(changed);
        logs.Cordon(config.CordonedLogDirs);
        dynamicConfig.Changed += changed =>
        {
            logs.Cordon(changed.CordonedLogDirs);
            lifecycle?.Wake();
        };

        var publisher = new BrokerMetadataPublisher(config.NodeId, logs, replicas, metadata, dynamicConfig, coordination, sharing.Coordination, sharing.Partitions, transactionCoordination, authorizer, logger);
        quorum.Loader.InstallPublisher(clientQuotas);
        quorum.Loader.InstallPublisher(clientTelemetry);
        quorum.Loader.InstallPublisher(publisher);
        var registration = new ControllerRegistrationManager(
            NodeLogs.Registration(config, listeners.ControllerEndpoints, random), quorum.Controller, time, logger);
        quorum.Loader.InstallPublisher(registration);
        registration.Start();
        undo.Push(async () => await registration.StopAsync());
        await OrFailure(quorum.CaughtUp, quorum, cancellation);
        await OrFailure(publisher.FirstPublished, quorum, cancellation);

        lifecycle = new BrokerLifecycle(
            NodeLogs.Registration(config, identity, listeners.BrokerEndpoints, logs, random), TimeSpan.FromMilliseconds(config.GetInt("broker.heartbeat.interval.ms")),
            quorum.Controller, quorum.Loader, metadata, logs, time, logger);
        undo.Push(async () => await lifecycle.StopAsync());
        await OrFailure(lifecycle.StartAsync(), quorum, cancellation);
        assignments.Start(lifecycle.BrokerEpoch);
        undo.Push(async () => await assignments.StopAsync());
        await OrFailure(metadata.WaitAsync(image => image.Cluster.AliveBroker(config.NodeId) is not null && registration.IsDone(image), Timeout.InfiniteTimeSpan, time), quorum, cancellation);
        sharing.Coordination.Start(metadata.Image, config);
        coordination.Start(metadata.Image, config);
        transactionCoordination.Start(metadata.Image, config);
        var metrics = new NodeMetrics(new NodeMetricSources
        {
            NodeId = config.NodeId,
            Metadata = metadata,
            Replicas = replicas,
            Logs = logs,
            FetchSessions = fetchSessions,
            Requests = requestMetrics,
            Topics = topicMetrics,
            ClientTelemetry = clientTelemetry,
            Controller = controller,
            Listeners = () => listeners.Listeners,
            Time = time,
        });
        var telemetry = config.GetOptionalString("barnabas.metrics.listener") is { Length: > 0 } address
            ? await TelemetryEndpoint.StartAsync(address, transport, () => PrometheusText.Write(metrics.Read()), () => NotReady(config, metadata, logs), time, logger)
            : null;
        if (telemetry is not null)
            undo.Push(telemetry.DisposeAsync);
        listeners.Start();
        return new BrokerNode(config, clusterId, time, logger, workers, logs, quorum, groups, sharing, transactions, listeners, lifecycle, registration, assignments) { _metrics = metrics, _telemetry = telemetry };
    }

    /// <returns>Why clients are not to be sent here; null where they are.</returns>
    private static string? NotReady(BrokerConfig config, MetadataCache metadata, LogManager logs) =>
        metadata.Image.Cluster.AliveBroker(config.NodeId) is null ? "the controller does not let this broker serve"
        : logs.Directories.FirstOrDefault(d => d.State.IsOffline) is { } failed ? $"the log directory {failed.Path} failed"
        : null;

    private static MetadataNode OpenQuorum(BrokerConfig config, LogManager logs, LogServices services, Random random, ILoggerFactory loggers)
    {
        var folder = Path.GetFullPath(config.MetadataLogDir);
        var state = logs.Directories.FirstOrDefault(d => d.Path == folder)?.State ?? new LogDirectoryState(folder, services.Logger);
        state.EnsureOnline();
        var properties = MetaProperties.Read(services.Disk, folder)
            ?? throw new Barnabas.Configuration.ConfigException($"No readable meta.properties file found in {folder}");
        return MetadataNode.Open(config, properties, services, state, new Random(random.Next()), loggers);
    }

    private static async Task OrFailure(Task wanted, MetadataNode quorum, CancellationToken cancellation)
    {
        if (await Task.WhenAny(wanted, quorum.Failed).WaitAsync(cancellation) == wanted)
            await wanted;
        else
            throw new KafkaException(ErrorCode.UnknownServerError, "The node cannot follow its metadata log", await quorum.Failed);
    }
}
