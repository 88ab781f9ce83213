namespace Barnabas.Client.Networking;

/// <summary>The connection to one node in one role, its tries and failures. Thread-safe.</summary>
internal sealed class PooledNode(Backoff backoff, TimeProvider time)
{
    private const int MaxRetirementSteps = 600;
    private static readonly TimeSpan RetirementStep = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private Task<NodeConnection>? _opening;
    private Node? _node;
    private int _failures;
    private long _retryTimestamp;

    public int? Load => _opening is { IsCompletedSuccessfully: true, Result: { IsOpen: true } connection } ? connection.Requests.InFlightCount : null;

    public bool IsBackingOff(TimeProvider clock) => _failures > 0 && clock.GetTimestamp() < Volatile.Read(ref _retryTimestamp);

    public Task<NodeConnection> OpenAsync(Node node, NodeConnector connector, CancellationToken stopping)
    {
        lock (_gate)
        {
            var moved = _node is not null && (_node.Host != node.Host || _node.Port != node.Port);
            if (_opening is { IsCompleted: false } && !moved) return _opening;
            if (_opening is { IsCompletedSuccessfully: true, Result: var connection })
            {
                if (connection.IsOpen && !moved && !connection.IsWornOut) return _opening;
                if (connection.IsOpen && !moved) _ = RetireAsync(connection);
                else _ = DropAsync(connection, $"node {node.Id} moved to {node.Host}:{node.Port}");
            }

            if (moved && _opening is { IsCompleted: false } late) _ = DropWhenOpenAsync(late);
            if (moved) _failures = 0;
            _node = node;
            return _opening = RunAsync(node, connector, stopping);
        }
    }

    public void CloseIfIdle(TimeSpan limit)
    {
        lock (_gate)
        {
            if (_opening is not { IsCompletedSuccessfully: true, Result: var connection } || connection.Requests.IdleTime < limit) return;
            _opening = null;
            _ = DropAsync(connection, "idle for connections.max.idle.ms");
        }
    }

    public async ValueTask CloseAsync()
    {
        Task<NodeConnection>? opening;
        lock (_gate) (opening, _opening) = (_opening, null);
        if (opening is null) return;
        try
        {
            await DropAsync(await opening, "closed by this client");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // It never opened; whoever asked for it was told.
        }
    }

    private async Task<NodeConnection> RunAsync(Node node, NodeConnector connector, CancellationToken stopping)
    {
        var failures = _failures;
        if (failures > 0)
        {
            var wait = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _retryTimestamp));
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stopping);
        }

        try
        {
            var connection = await connector.ConnectAsync(node, failures, stopping);
            _failures = 0;
            return connection;
        }
        catch
        {
            _failures = failures + 1;
            Volatile.Write(ref _retryTimestamp, time.GetTimestamp() + (long)(backoff.After(_failures).TotalSeconds * time.TimestampFrequency));
            throw;
        }
    }

    private static async Task DropWhenOpenAsync(Task<NodeConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully) await DropAsync(opening.Result, "the node moved");
    }

    /// <summary>Lets a connection answer what is in flight.</summary>
    private async Task RetireAsync(NodeConnection connection)
    {
        for (var wait = 0; wait < MaxRetirementSteps && connection.IsOpen && connection.Requests.InFlightCount > 0; wait++)
            await Task.Delay(RetirementStep, time);
        await DropAsync(connection, "replaced, as its node wants a new authentication");
    }

    private static async Task DropAsync(NodeConnection connection, string reason)
    {
        connection.Requests.Close(reason);
        await connection.Requests.DisposeAsync();
    }
}
