using System.Collections.Concurrent;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Networking;

/// <summary>What a coordinator coordinates: FindCoordinator's key types.</summary>
public enum CoordinatorKind
{
    /// <summary>A group of consumers.</summary>
    Group = 0,

    /// <summary>A transactional id.</summary>
    Transaction = 1,

    /// <summary>A share group's partition (KIP-932).</summary>
    Share = 2,
}

// Where coordinators are, remembered until a response says otherwise.
public sealed partial class ClusterClient
{
    private readonly ConcurrentDictionary<(CoordinatorKind Kind, string Key), Node> _coordinators = new();

    /// <summary>A ready connection to a coordinator; looked up when not known.</summary>
    /// <exception cref="KafkaException">COORDINATOR_NOT_AVAILABLE and the like (retriable), or not authorized.</exception>
    public async Task<NodeConnection> ConnectToCoordinatorAsync(CoordinatorKind kind, string key, CancellationToken cancellationToken)
    {
        var node = await FindCoordinatorAsync(kind, key, cancellationToken);
        try
        {
            return await ConnectAsync(node, ConnectionRole.Coordinator, cancellationToken);
        }
        catch (KafkaException)
        {
            ForgetCoordinator(kind, key);
            throw;
        }
    }

    /// <summary>The coordinator's node.</summary>
    public async Task<Node> FindCoordinatorAsync(CoordinatorKind kind, string key, CancellationToken cancellationToken)
    {
        if (_coordinators.TryGetValue((kind, key), out var known)) return known;
        var connection = await ConnectToAnyAsync(cancellationToken);
        var version = connection.Versions.Choose(ApiKey.FindCoordinator, lowest: kind == CoordinatorKind.Group ? (short)0 : (short)1);
        var request = new FindCoordinatorRequest();
        if (version >= 1) request.KeyType = (sbyte)kind;
        if (version >= 4) request.CoordinatorKeys = [key];
        else request.Key = key;

        var response = await connection.SendAsync(request, version, cancellationToken);
        var (error, message, node) = version >= 4 ? First(response) : (response.ErrorCode, response.ErrorMessage, new Node(response.NodeId, response.Host, response.Port));
        if (error == ErrorCode.GroupAuthorizationFailed) message = $"Not authorized to access group: {key}";
        if (error != ErrorCode.None) throw error.ToException(message);
        ClientLog.CoordinatorFound(_logger, kind.ToString(), key, node);
        _coordinators[(kind, key)] = node;
        return node;
    }

    /// <summary>The coordinator is another one now, or gone: the next use looks it up.</summary>
    public void ForgetCoordinator(CoordinatorKind kind, string key) => _coordinators.TryRemove((kind, key), out _);

    private static (ErrorCode Error, string? Message, Node Node) First(FindCoordinatorResponse response)
    {
        if (response.Coordinators.Count == 0) throw ErrorCode.CoordinatorNotAvailable.ToException();
        var found = response.Coordinators[0];
        return (found.ErrorCode, found.ErrorMessage, new Node(found.NodeId, found.Host, found.Port));
    }
}
