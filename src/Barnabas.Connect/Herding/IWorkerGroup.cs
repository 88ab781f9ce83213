using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Herding;

/// <summary>The workers that share the work, as one of them sees it. Safe from any thread.</summary>
internal interface IWorkerGroup : IAsyncDisposable
{
    /// <summary>Whether this worker is the one that writes configurations.</summary>
    bool IsLeader { get; }

    /// <summary>The leader's REST API; null where none is known.</summary>
    string? LeaderUrl { get; }

    /// <summary>The generation of the group; 0 outside one.</summary>
    int Generation { get; }

    /// <summary>Whether requests between workers are signed.</summary>
    bool SignsRequests { get; }

    /// <summary>Whether this worker is to run the connector.</summary>
    bool Owns(string connector);

    /// <summary>Whether this worker is to run the task.</summary>
    bool Owns(ConnectorTaskId task);

    /// <summary>The REST API of the worker that runs the connector; null where this one does not lead or nobody runs it.</summary>
    string? OwnerUrl(string connector);

    /// <summary>The REST API of the worker that runs the task; null where this one does not lead or nobody runs it.</summary>
    string? OwnerUrl(ConnectorTaskId task);

    /// <summary>Begins to take part; the herder is told what it is to run.</summary>
    void Start(IWorkerGroupListener listener);

    /// <summary>Done when the group is not being shared out anew; waits a while.</summary>
    /// <exception cref="RestException">It still is (409).</exception>
    Task AwaitStableAsync(CancellationToken cancellationToken);

    /// <summary>Has the work shared out anew, because there is other work now.</summary>
    void RequestRejoin(string reason);
}

/// <summary>Is told what this worker is to run. Called by the group, one call at a time.</summary>
internal interface IWorkerGroupListener
{
    /// <summary>Stops what this worker is not to run any more; done when it has stopped and everybody can see that.</summary>
    Task OnRevokedAsync(IReadOnlySet<string> connectors, IReadOnlySet<ConnectorTaskId> tasks);

    /// <summary>There is a new assignment: what this worker owns may have changed, and who leads.</summary>
    void OnAssigned();
}
