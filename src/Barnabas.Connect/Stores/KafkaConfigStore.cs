using System.Globalization;
using System.Text;
using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;
using Barnabas.Connect.Tasks;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Stores;

/// <summary>
/// Configurations in the topic <c>config.storage.topic</c>, in Kafka Connect's records: <c>connector-N</c>, <c>task-N-0</c>,
/// <c>commit-N</c>, <c>target-state-N</c>, <c>restart-connector-N</c>, <c>tasks-fencing-N</c>, <c>session-key</c>, <c>logger-cluster-L</c>.
/// </summary>
public sealed class KafkaConfigStore : IConfigStore
{
    private const string ConnectorPrefix = "connector-";
    private const string TaskPrefix = "task-";
    private const string CommitPrefix = "commit-";
    private const string TargetPrefix = "target-state-";
    private const string RestartPrefix = "restart-connector-";
    private const string TaskCountPrefix = "tasks-fencing-";
    private const string LoggerPrefix = "logger-cluster-";
    private const string SessionKeyKey = "session-key";

    private readonly KafkaLog _log;
    private readonly ConfigTable _table = new();
    private readonly JsonConverter _reader = JsonConverter.WithoutSchemas();
    private readonly ILogger _logger;
    private readonly string _topic;
    private bool _isStarted;

    private readonly LeaderWriter? _leaderWriter;

    /// <summary>On a topic with one partition.</summary>
    /// <param name="options">The topic and its clients.</param>
    /// <param name="leader">The producer for the leader's writes in transactions; null where they are plain ones.</param>
    /// <param name="environment">What the clients take from the world.</param>
    public KafkaConfigStore(KafkaLogOptions options, ProducerOptions? leader, ClientEnvironment environment)
    {
        _log = new KafkaLog(options, OnRecord, environment);
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Connect.Stores");
        _topic = options.Topic.Name;
        _leaderWriter = leader is null ? null : new LeaderWriter(_topic, leader, environment);
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public event Action<RestartRequest>? RestartRequested;

    /// <inheritdoc/>
    public event Action<string, string>? LoggerLevelSet;

    /// <inheritdoc/>
    public ClusterConfigState State => _table.State;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _log.StartAsync(cancellationToken);
        Volatile.Write(ref _isStarted, true);
        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancellationToken) => _log.ReadToEndAsync(cancellationToken);

    /// <inheritdoc/>
    public Task ClaimWritePrivilegesAsync(CancellationToken cancellationToken) => _leaderWriter?.ClaimAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task PutConnectorAsync(string name, IReadOnlyDictionary<string, string> configs, TargetState? target, CancellationToken cancellationToken)
    {
        var records = new List<KeyValuePair<byte[], byte[]?>>();
        if (target is not null) records.Add(Record(TargetPrefix + name, TargetValue(target.Value)));
        records.Add(Record(ConnectorPrefix + name, Properties(configs)));
        return LeadAsync(records, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveConnectorAsync(string name, CancellationToken cancellationToken) =>
        LeadAsync([Record(ConnectorPrefix + name, null), Record(TargetPrefix + name, null)], cancellationToken);

    /// <inheritdoc/>
    public Task PutTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, CancellationToken cancellationToken)
    {
        var records = tasks.Select((configs, task) => Record($"{TaskPrefix}{name}-{task}", Properties(configs))).ToList();
        records.Add(Record(CommitPrefix + name, new Dictionary<object, object?> { ["tasks"] = tasks.Count }));
        return LeadAsync(records, cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutTaskCountRecordAsync(string name, int count, CancellationToken cancellationToken) =>
        LeadAsync([Record(TaskCountPrefix + name, new Dictionary<object, object?> { ["task-count"] = count })], cancellationToken);

    /// <inheritdoc/>
    public Task PutSessionKeyAsync(SessionKey key, CancellationToken cancellationToken) => LeadAsync(
        [Record(SessionKeyKey, new Dictionary<object, object?> { ["key"] = Convert.ToBase64String(key.Key), ["algorithm"] = key.Algorithm, ["creation-timestamp"] = key.CreatedMs })],
        cancellationToken);

    /// <inheritdoc/>
    public async Task PutTargetAsync(string name, TargetState target, CancellationToken cancellationToken)
    {
        await SendAsync(TargetPrefix + name, TargetValue(target), cancellationToken);
        await _log.ReadToEndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutRestartAsync(RestartRequest request, CancellationToken cancellationToken) => SendAsync(
        RestartPrefix + request.Connector,
        new Dictionary<object, object?> { ["include-tasks"] = request.IncludeTasks, ["only-failed"] = request.OnlyFailed },
        cancellationToken);

    /// <inheritdoc/>
    public Task PutLoggerLevelAsync(string logger, string level, CancellationToken cancellationToken) =>
        SendAsync(LoggerPrefix + logger, new Dictionary<object, object?> { ["level"] = level }, cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        if (_leaderWriter is not null) await _leaderWriter.DisposeAsync();
        await _log.StopAsync();
    }

    private async Task LeadAsync(IReadOnlyList<KeyValuePair<byte[], byte[]?>> records, CancellationToken cancellationToken)
    {
        if (_leaderWriter is not null)
        {
            await _leaderWriter.WriteAsync(records, cancellationToken);
        }
        else
        {
            foreach (var (key, value) in records) await _log.SendAsync(key, value, cancellationToken);
        }

        await _log.ReadToEndAsync(cancellationToken);
    }

    private static Dictionary<object, object?> Properties(IReadOnlyDictionary<string, string> configs) =>
        new() { ["properties"] = configs.ToDictionary(pair => (object)pair.Key, pair => (object?)pair.Value) };

    // Workers older than KIP-875 read the first and know no STOPPED.
    private static Dictionary<object, object?> TargetValue(TargetState target) => new()
    {
        ["state"] = target == TargetState.Started ? "STARTED" : "PAUSED",
        ["state.v2"] = target.ToString().ToUpperInvariant(),
    };

    private Task SendAsync(string key, Dictionary<object, object?>? value, CancellationToken cancellationToken)
    {
        var record = Record(key, value);
        return _log.SendAsync(record.Key, record.Value, cancellationToken);
    }

    private KeyValuePair<byte[], byte[]?> Record(string key, Dictionary<object, object?>? value) =>
        KeyValuePair.Create(Encoding.UTF8.GetBytes(key), value is null ? null : JsonConverter.WithoutSchemas().FromConnectData(_topic, ConnectHeaders.Empty, null, value));

    private void OnRecord(byte[]? keyBytes, byte[]? valueBytes, long offset)
    {
        _table.SetOffset(offset + 1);
        if (keyBytes is null) return;
        var key = Encoding.UTF8.GetString(keyBytes);
        try
        {
            Apply(key, _reader.ToConnectData(_topic, ConnectHeaders.Empty, valueBytes).Value as IReadOnlyDictionary<object, object?>);
        }
        catch (DataException error)
        {
            StoreLog.RecordSkipped(_logger, _topic, $"{key}: {error.Message}");
        }
    }

    private void Apply(string key, IReadOnlyDictionary<object, object?>? value)
    {
        if (key.StartsWith(RestartPrefix, StringComparison.Ordinal))
        {
            if (value is not null && Volatile.Read(ref _isStarted))
                RestartRequested?.Invoke(new RestartRequest(key[RestartPrefix.Length..], value.GetValueOrDefault("only-failed") is true, value.GetValueOrDefault("include-tasks") is true));
            return;
        }

        if (key.StartsWith(LoggerPrefix, StringComparison.Ordinal))
        {
            // Levels last as long as the workers that were there.
            if (value?.GetValueOrDefault("level") is string level && Volatile.Read(ref _isStarted)) LoggerLevelSet?.Invoke(key[LoggerPrefix.Length..], level);
            return;
        }

        if (key.StartsWith(TargetPrefix, StringComparison.Ordinal)) _table.SetTarget(key[TargetPrefix.Length..], TargetOf(value));
        else if (key.StartsWith(ConnectorPrefix, StringComparison.Ordinal)) _table.SetConnector(key[ConnectorPrefix.Length..], PropertiesOf(value));
        else if (key.StartsWith(TaskPrefix, StringComparison.Ordinal)) ApplyTask(key[TaskPrefix.Length..], value);
        else if (key.StartsWith(CommitPrefix, StringComparison.Ordinal)) ApplyCommit(key[CommitPrefix.Length..], value);
        else if (key.StartsWith(TaskCountPrefix, StringComparison.Ordinal)) ApplyTaskCount(key[TaskCountPrefix.Length..], value);
        else if (key == SessionKeyKey) ApplySessionKey(value);
        else return;
        if (Volatile.Read(ref _isStarted)) Changed?.Invoke();
    }

    private void ApplyTask(string name, IReadOnlyDictionary<object, object?>? value)
    {
        var dash = name.LastIndexOf('-');
        if (dash > 0 && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var task))
            _table.SetTask(name[..dash], task, PropertiesOf(value));
    }

    private void ApplyCommit(string name, IReadOnlyDictionary<object, object?>? value)
    {
        if (value?.GetValueOrDefault("tasks") is not long count) return;
        if (!_table.CommitTasks(name, (int)count))
            StoreLog.RecordSkipped(_logger, _topic, $"commit-{name} names {count} tasks, of which some are gone; the connector's tasks are made again");
    }

    private void ApplyTaskCount(string name, IReadOnlyDictionary<object, object?>? value)
    {
        if (value?.GetValueOrDefault("task-count") is not long count) throw new DataException("it names no number of tasks");
        _table.SetTaskCountRecord(name, (int)count);
    }

    private void ApplySessionKey(IReadOnlyDictionary<object, object?>? value)
    {
        if (value?.GetValueOrDefault("key") is not string key || value.GetValueOrDefault("algorithm") is not string algorithm || value.GetValueOrDefault("creation-timestamp") is not long created)
            throw new DataException("it is no session key");
        var bytes = new byte[key.Length];
        if (!Convert.TryFromBase64String(key, bytes, out var length)) throw new DataException("its key is not in base 64");
        _table.SetSessionKey(new SessionKey(bytes[..length], algorithm, created));
    }

    private static TargetState? TargetOf(IReadOnlyDictionary<object, object?>? value) =>
        value is null ? null
        : (value.GetValueOrDefault("state.v2") ?? value.GetValueOrDefault("state")) is string text && Enum.TryParse<TargetState>(text, ignoreCase: true, out var target) ? target
        : throw new DataException("it names no target state");

    private static Dictionary<string, string>? PropertiesOf(IReadOnlyDictionary<object, object?>? value)
    {
        if (value is null) return null;
        if (value.GetValueOrDefault("properties") is not IReadOnlyDictionary<object, object?> properties) throw new DataException("it has no properties");
        return properties.Where(pair => pair.Value is not null).ToDictionary(pair => (string)pair.Key, pair => ValueText.Of(pair.Value!));
    }
}
