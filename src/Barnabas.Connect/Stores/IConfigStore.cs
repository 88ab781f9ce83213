using Barnabas.Connect.Errors;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Stores;

/// <summary>Keeps the configurations of all connectors. Changes are seen by <see cref="State"/> once their task is done. Safe from any thread.</summary>
public interface IConfigStore
{
    /// <summary>Something changed; called on the store's thread.</summary>
    event Action? Changed;

    /// <summary>Somebody asked for a restart of a connector; called on the store's thread.</summary>
    event Action<RestartRequest>? RestartRequested;

    /// <summary>Somebody set the level of a logger on all workers: its name and the level; called on the store's thread.</summary>
    event Action<string, string>? LoggerLevelSet;

    /// <summary>What is configured, as of now.</summary>
    ClusterConfigState State { get; }

    /// <summary>Reads what is there.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Done when <see cref="State"/> has everything that was written before.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Makes this worker the only one whose writes count, where the leader writes in transactions (KIP-618).</summary>
    /// <exception cref="ConnectException">The cluster refuses.</exception>
    Task ClaimWritePrivilegesAsync(CancellationToken cancellationToken);

    /// <summary>Sets a connector's configuration, and what is wanted of it where that is given. For the leader.</summary>
    Task PutConnectorAsync(string name, IReadOnlyDictionary<string, string> configs, TargetState? target, CancellationToken cancellationToken);

    /// <summary>Removes a connector with its tasks. For the leader.</summary>
    Task RemoveConnectorAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets the configurations of all tasks of a connector at once. For the leader.</summary>
    Task PutTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, CancellationToken cancellationToken);

    /// <summary>Notes how many transactional tasks a connector has from now on (KIP-618). For the leader.</summary>
    Task PutTaskCountRecordAsync(string name, int count, CancellationToken cancellationToken);

    /// <summary>Gives all workers a new session key. For the leader.</summary>
    Task PutSessionKeyAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>Sets what is wanted of a connector.</summary>
    Task PutTargetAsync(string name, TargetState target, CancellationToken cancellationToken);

    /// <summary>Asks whoever runs it to restart a connector.</summary>
    Task PutRestartAsync(RestartRequest request, CancellationToken cancellationToken);

    /// <summary>Sets the level of a logger on all workers.</summary>
    Task PutLoggerLevelAsync(string logger, string level, CancellationToken cancellationToken);

    /// <summary>Ends.</summary>
    Task StopAsync();
}

/// <summary>A wish to restart (KIP-745).</summary>
/// <param name="Connector">The connector.</param>
/// <param name="OnlyFailed">Only what has failed.</param>
/// <param name="IncludeTasks">Its tasks too.</param>
public sealed record RestartRequest(string Connector, bool OnlyFailed, bool IncludeTasks);
