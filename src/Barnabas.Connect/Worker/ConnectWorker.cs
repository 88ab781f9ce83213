using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.ErrorHandling;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Sdk;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Worker;

/// <summary>Runs connectors and tasks in this process. The herder calls it, one call at a time.</summary>
public sealed class ConnectWorker : IAsyncDisposable
{
    // Unless the worker or the connector says otherwise. With one request in flight, what a request costs is spread over the
    // records in it; and a sink that commits each put commits more of them at once.
    private static readonly Dictionary<string, string> UsualOfProducers = new() { ["batch.size"] = "131072" };
    private static readonly Dictionary<string, string> UsualOfConsumers = new() { ["max.poll.records"] = "3000" };

    private readonly WorkerConfig _config;
    private readonly PluginCatalog _plugins;
    private readonly IOffsetStore _offsets;
    private readonly ClientEnvironment _environment;
    private readonly ILogger _logger;
    private readonly Dictionary<string, RunningConnector> _connectors = [];
    private readonly Dictionary<ConnectorTaskId, WorkerTask> _tasks = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<KafkaOffsetStore>> _offsetTopics = [];

    /// <summary>Creates it.</summary>
    /// <exception cref="ConfigException">There is no such policy for connectors' clients as the configuration names.</exception>
    public ConnectWorker(WorkerConfig config, PluginCatalog plugins, IOffsetStore offsets, ClientEnvironment environment)
    {
        _config = config;
        _plugins = plugins;
        _offsets = offsets;
        _environment = environment;
        Overrides = ClientOverridePolicy.Of(config.Values);
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Connect");
    }

    /// <summary>Which settings of their clients connectors may change.</summary>
    public ClientOverridePolicy Overrides { get; }

    /// <summary>The connectors that run here.</summary>
    public IReadOnlyCollection<string> Connectors => _connectors.Keys;

    /// <summary>The tasks that run here.</summary>
    public IReadOnlyCollection<ConnectorTaskId> Tasks => _tasks.Keys;

    /// <summary>Starts a connector.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="configs">Its configuration, resolved.</param>
    /// <param name="reconfigure">Called when it wants its tasks made anew; from any thread.</param>
    /// <param name="fail">Called when it fails later; from any thread.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConnectException">It does not start.</exception>
    public async Task StartConnectorAsync(
        string name, IReadOnlyDictionary<string, string> configs, Action reconfigure, Action<Exception> fail, CancellationToken cancellationToken)
    {
        var plugin = Plugin(configs);
        var connector = plugin.Create();
        var context = new ConnectorContext
        {
            Name = name,
            RequestTaskReconfiguration = reconfigure,
            Fail = fail,
            Time = _environment.Time,
            Logger = _environment.LoggerFactory.CreateLogger(plugin.ClassName),
        };
        _connectors[name] = new RunningConnector(connector, plugin);
        await connector.StartAsync(context, configs, cancellationToken);
        WorkerLog.ConnectorStarted(_logger, name, plugin.ClassName);
    }

    /// <summary>Stops a connector; nothing where it does not run.</summary>
    public async Task StopConnectorAsync(string name)
    {
        if (!_connectors.Remove(name, out var running)) return;
        try
        {
            await running.Connector.StopAsync();
        }
        catch (Exception error)
        {
            WorkerLog.ConnectorStopFailed(_logger, name, error.Message, error);
        }
    }

    /// <summary>The configurations of a running connector's tasks.</summary>
    /// <exception cref="ConnectException">It makes more tasks than <c>tasks.max</c>.</exception>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(string name, IReadOnlyDictionary<string, string> configs)
    {
        var (connector, plugin) = _connectors[name];
        var values = (plugin.IsSource ? ConnectorKeys.Source : ConnectorKeys.Sink).Parse(configs);
        var tasks = connector.TaskConfigs(values.GetInt("tasks.max"));
        if (tasks.Count > values.GetInt("tasks.max") && values.GetBoolean("tasks.max.enforce"))
            throw new ConnectException($"The connector {name} has generated {tasks.Count} tasks, which is greater than {values.GetInt("tasks.max")}, the maximum number of tasks it is configured to create.");
        return [.. tasks.Select(task => Complete(task, configs, plugin.TaskClassName))];
    }

    /// <summary>Starts a task.</summary>
    /// <exception cref="ConfigException">The connector's configuration is not valid.</exception>
    public void StartTask(ConnectorTaskId id, IReadOnlyDictionary<string, string> connector, IReadOnlyDictionary<string, string> configs, TargetState target, ITaskListener listener, TaskPreflight? preflight)
    {
        var plugin = Plugin(connector);
        var logger = _environment.LoggerFactory.CreateLogger(plugin.ClassName);
        var inner = plugin.Create().NewTask();
        WorkerTask task = inner switch
        {
            SourceTask source => SourceTaskOf(id, source, SourceSetup(id, connector, configs, preflight), listener, logger),
            SinkTask sink => new WorkerSinkTask(id, sink, SinkSetup(id, connector, configs), listener, _environment.Time, logger),
            _ => throw new ConnectException($"Tasks must be a subclass of either SourceTask or SinkTask; {plugin.ClassName} made a {inner.GetType()}"),
        };
        _tasks[id] = task;
        task.Start(target);
    }

    /// <summary>Stops tasks, all at once; nothing for those that do not run.</summary>
    public async Task StopTasksAsync(IReadOnlyCollection<ConnectorTaskId> ids)
    {
        var limit = _config.Values.GetMilliseconds("task.shutdown.graceful.timeout.ms");
        var stopping = new List<Task>();
        foreach (var id in ids)
            if (_tasks.Remove(id, out var task)) stopping.Add(task.StopAsync(limit));
        await Task.WhenAll(stopping);
    }

    /// <summary>Sets what is wanted of a connector's tasks here.</summary>
    public void SetTarget(string connector, TargetState target)
    {
        foreach (var (id, task) in _tasks)
            if (id.Connector == connector) task.SetTarget(target);
    }

    /// <summary>The group that a sink connector's tasks read in.</summary>
    public static string GroupOf(string connector, IReadOnlyDictionary<string, string> configs) =>
        configs.GetValueOrDefault("consumer.override.group.id", "connect-" + connector);

    /// <summary>Ends the transactions of a connector's tasks, and all that is left of their producers (KIP-618).</summary>
    /// <exception cref="ConnectException">The cluster refuses.</exception>
    public async Task FenceAsync(string name, IReadOnlyDictionary<string, string> connector, int tasks, CancellationToken cancellationToken)
    {
        await using var admin = AdminFor(name, connector);
        var outcomes = await admin.FenceProducersAsync([.. Enumerable.Range(0, tasks).Select(task => TransactionalId(new ConnectorTaskId(name, task)))], cancellationToken: cancellationToken);
        foreach (var outcome in outcomes.Values)
            if (!outcome.IsSuccess) throw new ConnectException($"Failed to fence the tasks of connector {name}: {outcome.Error!.Message}", outcome.Error);
    }

    /// <summary>Where a connector's offsets are: in its own topic where it names one, else in the worker's.</summary>
    public async ValueTask<IOffsetStore> OffsetsForAsync(IReadOnlyDictionary<string, string> connector, CancellationToken cancellationToken)
    {
        var topic = OffsetsTopicOf(connector);
        if (topic is null || topic == _config.Values.GetString("offset.storage.topic")) return _offsets;
        Task<KafkaOffsetStore>? started;
        lock (_gate)
        {
            if (!_offsetTopics.TryGetValue(topic, out started) || started.IsFaulted || started.IsCanceled) _offsetTopics[topic] = started = StartAsync(topic);
        }

        return new ConnectorOffsetStore(await started.WaitAsync(cancellationToken), _offsets);
    }

    /// <summary>Ends what is read for connectors with topics of their own.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var started in _offsetTopics.Values)
            if (started.IsCompletedSuccessfully) await started.Result.StopAsync();
    }

    private async Task<KafkaOffsetStore> StartAsync(string topic)
    {
        var store = new KafkaOffsetStore(NodeParts.OffsetTopic(_config, topic), _environment);
        await store.StartAsync(CancellationToken.None);
        return store;
    }

    private string? OffsetsTopicOf(IReadOnlyDictionary<string, string> connector) =>
        _config.IsDistributed && connector.TryGetValue("offsets.storage.topic", out var topic) && topic.Trim().Length > 0 ? topic : null;

    private WorkerTask SourceTaskOf(ConnectorTaskId id, SourceTask task, SourceTaskSetup setup, ITaskListener listener, ILogger logger) => setup.Transactions is { } transactions
        ? new ExactlyOnceWorkerSourceTask(id, task, setup, transactions, listener, _environment.Time, logger)
        : new WorkerSourceTask(id, task, setup, listener, _environment.Time, logger);

    /// <summary>An admin client as a connector's tasks have it; the caller closes it.</summary>
    public AdminClient AdminFor(string name, IReadOnlyDictionary<string, string> connector) => new(Admin($"connector-adminclient-{name}", connector), _environment);

    private ConnectorPlugin Plugin(IReadOnlyDictionary<string, string> configs)
    {
        var name = configs.GetValueOrDefault("connector.class") ?? throw new ConfigException("Missing required configuration \"connector.class\" which has no default value.");
        return _plugins.FindConnector(name) ?? throw new ConnectException($"Failed to find any class that implements Connector and which name matches {name}, available connectors are: {string.Join(", ", _plugins.Connectors.Select(plugin => plugin.ClassName))}");
    }

    private string TransactionalId(ConnectorTaskId task) => $"{_config.Values.GetString("group.id")}-{task.Connector}-{task.Task}";

    // What every task has beside its connector's: a Java worker, which may run it, starts nothing without.
    private static IReadOnlyDictionary<string, string> Complete(IReadOnlyDictionary<string, string> task, IReadOnlyDictionary<string, string> connector, string taskClass)
    {
        var complete = new Dictionary<string, string>(task) { ["task.class"] = taskClass };
        foreach (var key in (string[])["topics", "topics.regex"])
            if (connector.TryGetValue(key, out var topics)) complete[key] = topics;
        return complete;
    }

    private SourceTaskSetup SourceSetup(ConnectorTaskId id, IReadOnlyDictionary<string, string> connector, IReadOnlyDictionary<string, string> configs, TaskPreflight? preflight)
    {
        var values = ConnectorKeys.Source.Parse(connector);
        var errors = ErrorOptions.Of(values);
        return new SourceTaskSetup
        {
            TaskConfigs = configs,
            Pipeline = TaskPipeline.Create(connector, _config, _plugins),
            Errors = errors,
            Tolerance = new ToleranceOperator(errors, _environment.Time, _environment.Random),
            Producer = Producer($"connector-producer-{id}", connector, preflight is null ? null : TransactionalId(id)),
            Topics = new TopicCreation(connector, _config.Values.GetBoolean("topic.creation.enable"), Admin($"connector-adminclient-{id}", connector), _environment),
            Offsets = cancellationToken => OffsetsForAsync(connector, cancellationToken),
            Transactions = preflight is null ? null : new TransactionSetup
            {
                Preflight = preflight,
                Boundary = Enum.Parse<TransactionBoundary>(values.GetString("transaction.boundary"), ignoreCase: true),
                Interval = values.IsGiven("transaction.boundary.interval.ms") ? values.GetMilliseconds("transaction.boundary.interval.ms") : _config.Values.GetMilliseconds("offset.flush.interval.ms"),
                OffsetsTopic = OffsetsTopicOf(connector) ?? _config.Values.GetString("offset.storage.topic"),
            },
            FlushInterval = _config.Values.GetMilliseconds("offset.flush.interval.ms"),
            FlushTimeout = _config.Values.GetMilliseconds("offset.flush.timeout.ms"),
        };
    }

    private SinkTaskSetup SinkSetup(ConnectorTaskId id, IReadOnlyDictionary<string, string> connector, IReadOnlyDictionary<string, string> configs)
    {
        var values = ConnectorKeys.Sink.Parse(connector);
        var errors = ErrorOptions.Of(values);
        var deadLetters = values.GetString("errors.deadletterqueue.topic.name");
        return new SinkTaskSetup
        {
            TaskConfigs = configs,
            Pipeline = TaskPipeline.Create(connector, _config, _plugins),
            Errors = errors,
            Tolerance = new ToleranceOperator(errors, _environment.Time, _environment.Random),
            Consumer = Consumer(id, connector),
            DeadLetters = deadLetters.Length == 0
                ? null
                : new DeadLetterQueue(deadLetters, values.GetBoolean("errors.deadletterqueue.context.headers.enable"), id, Producer($"connector-dlq-producer-{id}", connector)),
            Topics = values.GetList("topics"),
            TopicPattern = values.GetString("topics.regex") is { Length: > 0 } pattern ? JavaPatternValidator.Whole(pattern) : null,
            FlushInterval = _config.Values.GetMilliseconds("offset.flush.interval.ms"),
        };
    }

    private Producer<byte[]?, byte[]?> Producer(string clientId, IReadOnlyDictionary<string, string> connector, string? transactionalId = null)
    {
        var own = Own(connector, "producer.override.", new()
        {
            ["client.id"] = clientId,
            ["acks"] = "all",
            ["max.in.flight.requests.per.connection"] = "1",
            ["delivery.timeout.ms"] = "2147483647",
            ["max.block.ms"] = "2147483647",
        });
        if (transactionalId is not null)
        {
            own["enable.idempotence"] = "true";
            own["transactional.id"] = transactionalId;
        }

        return new Producer<byte[]?, byte[]?>(ProducerOptions.Parse(_config.Client(ConfigDefinitions.Producer, "producer.", own, UsualOfProducers)), Serializers.ByteArray, Serializers.ByteArray, _environment);
    }

    private Consumer<byte[]?, byte[]?> Consumer(ConnectorTaskId id, IReadOnlyDictionary<string, string> connector) => new(
        ConsumerOptions.Parse(_config.Client(ConfigDefinitions.Consumer, "consumer.", Own(connector, "consumer.override.", new()
        {
            ["client.id"] = $"connector-consumer-{id}",
            ["group.id"] = GroupOf(id.Connector, connector),
            ["enable.auto.commit"] = "false",
            ["auto.offset.reset"] = "earliest",
        }), UsualOfConsumers)),
        Deserializers.ByteArray, Deserializers.ByteArray, _environment);

    private AdminClientOptions Admin(string clientId, IReadOnlyDictionary<string, string> connector) =>
        AdminClientOptions.Parse(_config.Client(ConfigDefinitions.Admin, "admin.", Own(connector, "admin.override.", new() { ["client.id"] = clientId })));

    private Dictionary<string, string> Own(IReadOnlyDictionary<string, string> connector, string prefix, Dictionary<string, string> standard)
    {
        foreach (var (name, value) in Transforms.TransformationChain.Below(connector, prefix))
        {
            // It was refused when the configuration was given, unless the policy was another one then.
            if (Overrides.Refusal(name) is { } reason) throw new ConnectException($"Client Config Overrides not allowed: {reason}");
            standard[name] = value;
        }

        return standard;
    }

    private sealed record RunningConnector(Connector Connector, ConnectorPlugin Plugin);
}
