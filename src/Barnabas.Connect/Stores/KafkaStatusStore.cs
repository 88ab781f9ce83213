using System.Text;
using Barnabas.Client;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;
using Barnabas.Connect.Tasks;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Stores;

/// <summary>States in the topic <c>status.storage.topic</c>, in Kafka Connect's records: <c>status-connector-N</c>, <c>status-task-N-0</c>, <c>status-topic-T:connector-N</c>.</summary>
public sealed class KafkaStatusStore : IStatusStore
{
    private const string ConnectorPrefix = "status-connector-";
    private const string TaskPrefix = "status-task-";
    private const string TopicPrefix = "status-topic-";
    private const string TopicSeparator = ":connector-";

    private readonly MemoryStatusStore _read = new();
    private readonly KafkaLog _log;
    private readonly ILogger _logger;
    private readonly string _topic;
    private readonly JsonConverter _reader = JsonConverter.WithoutSchemas();

    /// <summary>On a topic.</summary>
    public KafkaStatusStore(KafkaLogOptions options, ClientEnvironment environment)
    {
        _log = new KafkaLog(options, OnRecord, environment);
        _logger = environment.LoggerFactory.CreateLogger("Barnabas.Connect.Stores");
        _topic = options.Topic.Name;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => _log.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public void Put(string connector, Status status)
    {
        _read.Put(connector, status);
        Write(ConnectorPrefix + connector, status);
    }

    /// <inheritdoc/>
    public void Put(ConnectorTaskId task, Status status)
    {
        _read.Put(task, status);
        Write($"{TaskPrefix}{task.Connector}-{task.Task}", status);
    }

    /// <inheritdoc/>
    public Status? Get(string connector) => _read.Get(connector);

    /// <inheritdoc/>
    public Status? Get(ConnectorTaskId task) => _read.Get(task);

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, Status> TasksOf(string connector) => _read.TasksOf(connector);

    /// <inheritdoc/>
    public void PutTopic(string connector, string topic, int task, long discoveredMs)
    {
        if (_read.TopicsOf(connector).Contains(topic)) return;
        _read.PutTopic(connector, topic, task, discoveredMs);
        var value = new Dictionary<object, object?>
        {
            ["topic"] = new Dictionary<object, object?> { ["name"] = topic, ["connector"] = connector, ["task"] = task, ["discoverTimestamp"] = discoveredMs },
        };
        Send($"{TopicPrefix}{topic}{TopicSeparator}{connector}", value);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> TopicsOf(string connector) => _read.TopicsOf(connector);

    /// <inheritdoc/>
    public void ResetTopics(string connector)
    {
        foreach (var topic in _read.TopicsOf(connector)) Send($"{TopicPrefix}{topic}{TopicSeparator}{connector}", null);
        _read.ResetTopics(connector);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Connectors => _read.Connectors;

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => _log.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync() => _log.StopAsync();

    private void Write(string key, Status status) => Send(key, status.State == RunState.Destroyed ? null : new Dictionary<object, object?>
    {
        ["state"] = status.State.ToString().ToUpperInvariant(),
        ["trace"] = status.Trace,
        ["worker_id"] = status.WorkerId,
        ["generation"] = status.Generation,
        ["version"] = status.Version,
    });

    private async void Send(string key, Dictionary<object, object?>? value)
    {
        try
        {
            await _log.SendAsync(Encoding.UTF8.GetBytes(key), value is null ? null : JsonConverter.WithoutSchemas().FromConnectData(_topic, ConnectHeaders.Empty, null, value));
        }
        catch (Exception error) when (error is KafkaException or ObjectDisposedException)
        {
            StoreLog.StatusNotWritten(_logger, key, _topic, error.Message);
        }
    }

    private void OnRecord(byte[]? keyBytes, byte[]? valueBytes, long offset)
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
        if (key.StartsWith(TopicPrefix, StringComparison.Ordinal))
        {
            var name = key[TopicPrefix.Length..];
            var at = name.IndexOf(TopicSeparator, StringComparison.Ordinal);
            if (at <= 0) return;
            if (value is not null) _read.PutTopic(name[(at + TopicSeparator.Length)..], name[..at], 0, 0);
            else _read.RemoveTopic(name[(at + TopicSeparator.Length)..], name[..at]);
            return;
        }

        var status = StatusOf(value);
        if (key.StartsWith(ConnectorPrefix, StringComparison.Ordinal)) _read.Put(key[ConnectorPrefix.Length..], status);
        else if (key.StartsWith(TaskPrefix, StringComparison.Ordinal) && key.LastIndexOf('-') is var dash && int.TryParse(key.AsSpan(dash + 1), out var task))
            _read.Put(new ConnectorTaskId(key[TaskPrefix.Length..dash], task), status);
    }

    private static Status StatusOf(IReadOnlyDictionary<object, object?>? value)
    {
        if (value is null) return new Status(RunState.Destroyed, "", 0, null);
        return Enum.TryParse<RunState>(value.GetValueOrDefault("state") as string, ignoreCase: true, out var state)
            ? new Status(state, value.GetValueOrDefault("worker_id") as string ?? "", (int)(value.GetValueOrDefault("generation") as long? ?? 0), value.GetValueOrDefault("trace") as string) { Version = value.GetValueOrDefault("version") as string }
            : throw new DataException("it names no state");
    }
}
