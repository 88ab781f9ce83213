using Barnabas.Client.Networking;

namespace Barnabas.Client.Producer;

/// <summary>What the sending loop knows of one node. The loop's, except for the connection, which a task brings.</summary>
internal sealed class NodeSender(int nodeId)
{
    private volatile NodeConnection? _connection;
    private volatile bool _isConnecting;

    public int NodeId { get; } = nodeId;

    /// <summary>Requests that are not answered yet.</summary>
    public int InFlightCount { get; set; }

    /// <summary>The node asked for a pause until then (KIP-219).</summary>
    public long MutedUntilMs { get; set; }

    /// <summary>Partitions with something to send, in one pass of the loop.</summary>
    public List<PartitionQueue> Ready { get; } = [];

    public bool IsConnecting => _isConnecting;

    /// <summary>The connection, while it is open.</summary>
    public NodeConnection? OpenConnection => _connection is { IsOpen: true } connection ? connection : null;

    /// <summary>The open connection to this address; null when there is none.</summary>
    public NodeConnection? ConnectionTo(Node address) =>
        _connection is { IsOpen: true } connection && connection.Node.Host == address.Host && connection.Node.Port == address.Port ? connection : null;

    public void BeginConnecting() => _isConnecting = true;

    public void EndConnecting(NodeConnection? connection)
    {
        _connection = connection;
        _isConnecting = false;
    }
}
