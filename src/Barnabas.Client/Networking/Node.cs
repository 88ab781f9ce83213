namespace Barnabas.Client.Networking;

/// <summary>A node of the cluster, or (with a negative id) an address from <c>bootstrap.servers</c> whose id is not known yet.</summary>
/// <param name="Id">The node id.</param>
/// <param name="Host">A name or address.</param>
/// <param name="Port">The port.</param>
/// <param name="Rack">The rack, when the node says one.</param>
public sealed record Node(int Id, string Host, int Port, string? Rack = null)
{
    /// <summary>Kafka's form: <c>localhost:9092 (id: 1 rack: null)</c>.</summary>
    public override string ToString() => $"{Host}:{Port} (id: {Id} rack: {Rack ?? "null"})";
}
