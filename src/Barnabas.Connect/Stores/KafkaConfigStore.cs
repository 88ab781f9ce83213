using System.Globalization;
using System.Text;
using Barnabas.Client;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;
using Barnabas.Connect.Tasks;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Stores;

/// <summary>
/// Configurations in the topic <c>config.storage.topic</c>, in Kafka Connect's records: <c>connector-N</c>, <c>task-N-0</c>,
/// <c>commit-N</c>, <c>target-state-N</c>, <c>restart-connector-N</c>.
/// </summary>
public sealed class KafkaConfigStore : IConfigStore
{
    private const string ConnectorPrefix = "connector-";
    private const string TaskPrefix = "task-";
    private const string CommitPrefix = "commit-";
    private const string TargetPrefix = "target-state-";
    private const string RestartPrefix = "restart-connector-";

    private readonly KafkaLog _log;
    private readonly ConfigTable _table = new();
    private readonly JsonConverter _reader = JsonConverter.WithoutSchemas();
    private readonly ILogger _logger;
    private readonly string _topic;
    private bool _isStarted;

    /// <summary>On a topic with one partition.</summary>
    public KafkaConfigStore(KafkaLogOptions options, ClientEnvironment environment)
    {
        _log = new KafkaLog(options, OnRecord, environment);
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Connect.Stores");
        _topic = options.Topic.Name;
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public event Action<RestartRequest>? RestartRequested;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ConnectorConfig> Snapshot => _table.Snapshot;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _log.StartAsync(cancellationToken);
        Volatile.Write(ref _isStarted, true);
        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public async Task PutConnectorAsync(string name, IReadOnlyDictionary<string, string> configs, TargetState? target, CancellationToken cancellationToken)
    {
        if (target is not null) await SendAsync(TargetPrefix + name, TargetValue(target.Value), cancellationToken);
        await SendAsync(ConnectorPrefix + name, Properties(configs), cancellationToken);
        await _log.ReadToEndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveConnectorAsync(string name, CancellationToken cancellationToken)
    {
        await SendAsync(ConnectorPrefix + name, null, cancellationToken);
        await SendAsync(TargetPrefix + name, null, cancellationToken);
        await _log.ReadToEndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PutTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, CancellationToken cancellationToken)
    {
        for (var task = 0; task < tasks.Count; task++)
            await SendAsync($"{TaskPrefix}{name}-{task}", Properties(tasks[task]), cancellationToken);
        await SendAsync(CommitPrefix + name, new Dictionary<object, object?> { ["tasks"] = tasks.Count }, cancellationToken);
        await _log.ReadToEndAsync(cancellationToken);
    }

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
    public Task StopAsync() => _log.StopAsync();

    private static Dictionary<object, object?> Properties(IReadOnlyDictionary<string, string> configs) =>
        new() { ["properties"] = configs.ToDictionary(pair => (object)pair.Key, pair => (object?)pair.Value) };

    // Workers older than KIP-875 read the first and know no STOPPED.
    private static Dictionary<object, object?> TargetValue(TargetState target) => new()
    {
        ["state"] = target == TargetState.Started ? "STARTED" : "PAUSED",
        ["state.v2"] = target.ToString().ToUpperInvariant(),
    };

    private Task SendAsync(string key, Dictionary<object, object?>? value, CancellationToken cancellationToken) =>
        _log.SendAsync(Encoding.UTF8.GetBytes(key), value is null ? null : JsonConverter.WithoutSchemas().FromConnectData(_topic, ConnectHeaders.Empty, null, value), cancellationToken);

    private void OnRecord(byte[]? keyBytes, byte[]? valueBytes)
    {
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

        if (key.StartsWith(TargetPrefix, StringComparison.Ordinal)) _table.SetTarget(key[TargetPrefix.Length..], TargetOf(value));
        else if (key.StartsWith(ConnectorPrefix, StringComparison.Ordinal)) _table.SetConnector(key[ConnectorPrefix.Length..], PropertiesOf(value));
        else if (key.StartsWith(TaskPrefix, StringComparison.Ordinal)) ApplyTask(key[TaskPrefix.Length..], value);
        else if (key.StartsWith(CommitPrefix, StringComparison.Ordinal)) ApplyCommit(key[CommitPrefix.Length..], value);
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
