using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Networking;

/// <summary>
/// One connection per node and role, opened when asked for and reopened with back-off. Thread-safe. A try to connect is
/// shared by all who ask meanwhile and belongs to none of them: a caller that gives up does not end it.
/// </summary>
internal sealed class ConnectionPool : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int NodeId, ConnectionRole Role), PooledNode> _nodes = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly NodeConnector _connector;
    private readonly ClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer? _idleTimer;
    private bool _disposed;

    public ConnectionPool(ClientOptions options, ClientEnvironment environment, ILogger logger)
    {
        _options = options;
        _time = environment.Time;
        _connector = new NodeConnector(options, environment, logger);
        if (options.ConnectionsMaxIdle <= TimeSpan.Zero) return;
        var period = options.ConnectionsMaxIdle / 2;
        _idleTimer = _time.CreateTimer(static state => ((ConnectionPool)state!).CloseIdle(), this, period, period);
    }

    /// <summary>A ready connection. Waits out the back-off of a node that failed.</summary>
    public async Task<NodeConnection> GetAsync(Node node, ConnectionRole role, CancellationToken cancellationToken)
    {
        var pooled = Pooled(node, role);
        var opening = pooled.OpenAsync(node, _connector, _stopping.Token);
        if (opening.IsCompletedSuccessfully) return opening.Result;
        return await opening.WaitAsync(cancellationToken);
    }

    /// <summary>Requests in flight at a node with an open connection; null without one.</summary>
    public int? Load(int nodeId, ConnectionRole role)
    {
        lock (_gate) return _nodes.TryGetValue((nodeId, role), out var pooled) ? pooled.Load : null;
    }

    /// <summary>Whether a node failed and its back-off is not over.</summary>
    public bool IsBackingOff(int nodeId, ConnectionRole role)
    {
        lock (_gate) return _nodes.TryGetValue((nodeId, role), out var pooled) && pooled.IsBackingOff(_time);
    }

    public async ValueTask DisposeAsync()
    {
        PooledNode[] nodes;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            nodes = [.. _nodes.Values];
        }

        if (_idleTimer is not null) await _idleTimer.DisposeAsync();
        await _stopping.CancelAsync();
        foreach (var node in nodes) await node.CloseAsync();
        _stopping.Dispose();
    }

    private PooledNode Pooled(Node node, ConnectionRole role)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_nodes.TryGetValue((node.Id, role), out var pooled))
                _nodes[(node.Id, role)] = pooled = new PooledNode(new Backoff(_options.ReconnectBackoff, _options.ReconnectBackoffMax, _connector.Random), _time);
            return pooled;
        }
    }

    private void CloseIdle()
    {
        PooledNode[] nodes;
        lock (_gate) nodes = [.. _nodes.Values];
        foreach (var node in nodes) node.CloseIfIdle(_options.ConnectionsMaxIdle);
    }
}
