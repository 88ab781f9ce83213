using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Tests.Support;

/// <summary>Configurations of which the newest cannot be read while it is told to stall. Only reads are for the group.</summary>
internal sealed class StallingConfigStore(params string[] connectors) : IConfigStore
{
    private volatile ClusterConfigState _state = With(connectors);
    private volatile bool _stalls;
    private int _refreshes;

    event Action? IConfigStore.Changed
    {
        add { }
        remove { }
    }

    event Action<RestartRequest>? IConfigStore.RestartRequested
    {
        add { }
        remove { }
    }

    event Action<string, string>? IConfigStore.LoggerLevelSet
    {
        add { }
        remove { }
    }

    public ClusterConfigState State => _state;

    /// <summary>How often the newest was asked for.</summary>
    public int Refreshes => Volatile.Read(ref _refreshes);

    public void Add(string connector) => _state = With([.. _state.Connectors.Keys, connector]);

    public void Stall() => _stalls = true;

    /// <summary>From now on it has what another has.</summary>
    public void GoOn(StallingConfigStore other)
    {
        _state = other._state;
        _stalls = false;
    }

    public Task RefreshAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _refreshes);
        return _stalls ? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken) : Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync() => Task.CompletedTask;

    public Task ClaimWritePrivilegesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutConnectorAsync(string name, IReadOnlyDictionary<string, string> configs, TargetState? target, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveConnectorAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutTaskCountRecordAsync(string name, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutSessionKeyAsync(SessionKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutTargetAsync(string name, TargetState target, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutRestartAsync(RestartRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PutLoggerLevelAsync(string logger, string level, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static ClusterConfigState With(string[] connectors) => new()
    {
        Offset = connectors.Length,
        Connectors = connectors.ToDictionary(name => name, name => new ConnectorConfig(new Dictionary<string, string> { ["name"] = name }, TargetState.Started, [])),
    };
}
