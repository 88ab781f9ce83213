using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>Keeps the configurations of all connectors. Changes are seen by <see cref="Snapshot"/> once their task is done. Safe from any thread.</summary>
public interface IConfigStore
{
    /// <summary>Something changed; called on the store's thread.</summary>
    event Action? Changed;

    /// <summary>Somebody asked for a restart of a connector; called on the store's thread.</summary>
    event Action<RestartRequest>? RestartRequested;

    /// <summary>All connectors by name, as of now.</summary>
    IReadOnlyDictionary<string, ConnectorConfig> Snapshot { get; }

    /// <summary>Reads what is there.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Sets a connector's configuration, and what is wanted of it where that is given.</summary>
    Task PutConnectorAsync(string name, IReadOnlyDictionary<string, string> configs, TargetState? target, CancellationToken cancellationToken);

    /// <summary>Removes a connector with its tasks.</summary>
    Task RemoveConnectorAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets the configurations of all tasks of a connector at once.</summary>
    Task PutTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, CancellationToken cancellationToken);

    /// <summary>Sets what is wanted of a connector.</summary>
    Task PutTargetAsync(string name, TargetState target, CancellationToken cancellationToken);

    /// <summary>Asks whoever runs it to restart a connector.</summary>
    Task PutRestartAsync(RestartRequest request, CancellationToken cancellationToken);

    /// <summary>Ends.</summary>
    Task StopAsync();
}

/// <summary>A wish to restart (KIP-745).</summary>
/// <param name="Connector">The connector.</param>
/// <param name="OnlyFailed">Only what has failed.</param>
/// <param name="IncludeTasks">Its tasks too.</param>
public sealed record RestartRequest(string Connector, bool OnlyFailed, bool IncludeTasks);
