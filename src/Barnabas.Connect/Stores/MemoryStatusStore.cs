using System.Collections.Concurrent;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>States that end with the worker: standalone mode.</summary>
public sealed class MemoryStatusStore : IStatusStore
{
    private readonly ConcurrentDictionary<string, Status> _connectors = new();
    private readonly ConcurrentDictionary<ConnectorTaskId, Status> _tasks = new();
    private readonly ConcurrentDictionary<(string Connector, string Topic), byte> _topics = new();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Put(string connector, Status status)
    {
        if (status.State == RunState.Destroyed) _connectors.TryRemove(connector, out _);
        else _connectors[connector] = status;
    }

    /// <inheritdoc/>
    public void Put(ConnectorTaskId task, Status status)
    {
        if (status.State == RunState.Destroyed) _tasks.TryRemove(task, out _);
        else _tasks[task] = status;
    }

    /// <inheritdoc/>
    public Status? Get(string connector) => _connectors.GetValueOrDefault(connector);

    /// <inheritdoc/>
    public Status? Get(ConnectorTaskId task) => _tasks.GetValueOrDefault(task);

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, Status> TasksOf(string connector) =>
        _tasks.Where(pair => pair.Key.Connector == connector).ToDictionary(pair => pair.Key.Task, pair => pair.Value);

    /// <inheritdoc/>
    public void PutTopic(string connector, string topic, int task, long discoveredMs) => _topics[(connector, topic)] = 0;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> TopicsOf(string connector) =>
        [.. _topics.Keys.Where(key => key.Connector == connector).Select(key => key.Topic).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void ResetTopics(string connector)
    {
        foreach (var key in _topics.Keys.Where(key => key.Connector == connector)) _topics.TryRemove(key, out _);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Connectors => [.. _connectors.Keys.Union(_tasks.Keys.Select(task => task.Connector))];

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync() => Task.CompletedTask;

    internal void RemoveTopic(string connector, string topic) => _topics.TryRemove((connector, topic), out _);
}
