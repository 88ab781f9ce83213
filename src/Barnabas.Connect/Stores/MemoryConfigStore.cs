using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>Configurations that end with the worker: standalone mode.</summary>
public sealed class MemoryConfigStore : IConfigStore
{
    private readonly Lock _gate = new();
    private readonly ConfigTable _table = new();

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public event Action<RestartRequest>? RestartRequested;

    /// <inheritdoc/>
    public event Action<string, string>? LoggerLevelSet;

    /// <inheritdoc/>
    public ClusterConfigState State => _table.State;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ClaimWritePrivilegesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task PutTaskCountRecordAsync(string name, int count, CancellationToken cancellationToken) => Change(table => table.SetTaskCountRecord(name, count));

    /// <inheritdoc/>
    public Task PutSessionKeyAsync(SessionKey key, CancellationToken cancellationToken) => Change(table => table.SetSessionKey(key));

    /// <inheritdoc/>
    public Task PutLoggerLevelAsync(string logger, string level, CancellationToken cancellationToken)
    {
        LoggerLevelSet?.Invoke(logger, level);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PutConnectorAsync(string name, IReadOnlyDictionary<string, string> configs, TargetState? target, CancellationToken cancellationToken) => Change(table =>
    {
        if (target is not null) table.SetTarget(name, target);
        table.SetConnector(name, configs);
    });

    /// <inheritdoc/>
    public Task RemoveConnectorAsync(string name, CancellationToken cancellationToken) => Change(table =>
    {
        table.SetConnector(name, null);
        table.SetTarget(name, null);
    });

    /// <inheritdoc/>
    public Task PutTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, CancellationToken cancellationToken) => Change(table =>
    {
        for (var task = 0; task < tasks.Count; task++) table.SetTask(name, task, tasks[task]);
        table.CommitTasks(name, tasks.Count);
    });

    /// <inheritdoc/>
    public Task PutTargetAsync(string name, TargetState target, CancellationToken cancellationToken) => Change(table => table.SetTarget(name, target));

    /// <inheritdoc/>
    public Task PutRestartAsync(RestartRequest request, CancellationToken cancellationToken)
    {
        RestartRequested?.Invoke(request);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync() => Task.CompletedTask;

    private Task Change(Action<ConfigTable> change)
    {
        lock (_gate) change(_table);
        Changed?.Invoke();
        return Task.CompletedTask;
    }
}
