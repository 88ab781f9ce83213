using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Herding;

/// <summary>A standalone worker: it leads itself and runs everything.</summary>
internal sealed class SingleWorker : IWorkerGroup
{
    public bool IsLeader => true;

    public string? LeaderUrl => null;

    public int Generation => 0;

    public bool SignsRequests => false;

    public bool Owns(string connector) => true;

    public bool Owns(ConnectorTaskId task) => true;

    public string? OwnerUrl(string connector) => null;

    public string? OwnerUrl(ConnectorTaskId task) => null;

    public void Start(IWorkerGroupListener listener) => listener.OnAssigned();

    public Task AwaitStableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void RequestRejoin(string reason)
    {
        // There is nobody to share with.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
