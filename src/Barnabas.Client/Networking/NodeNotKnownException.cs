using Barnabas.Protocol;

namespace Barnabas.Client.Networking;

/// <summary>The cluster has no node of this id, or none that is alive. Kafka waits for one: so does <see cref="Retrier"/>.</summary>
public sealed class NodeNotKnownException(int nodeId) : KafkaException(ErrorCode.BrokerNotAvailable, $"Node {nodeId} is not known to the cluster.")
{
    /// <summary>The id.</summary>
    public int NodeId { get; } = nodeId;
}
