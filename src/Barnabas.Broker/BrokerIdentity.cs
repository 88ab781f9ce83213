namespace Barnabas.Broker;

/// <summary>What a node is called. Immutable.</summary>
/// <param name="NodeId">node.id.</param>
/// <param name="ClusterId">The id in meta.properties.</param>
public sealed record BrokerIdentity(int NodeId, string ClusterId);
