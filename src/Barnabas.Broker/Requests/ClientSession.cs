using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Requests;

/// <summary>What a connection has proven: kept as the connection's session by the handler of a listener that authenticates. Immutable.</summary>
/// <param name="Principal">Who the client is.</param>
internal sealed record ClientSession(KafkaPrincipal Principal);
