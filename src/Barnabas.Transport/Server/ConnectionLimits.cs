using System.Net;

namespace Barnabas.Transport.Server;

/// <summary>How many connections a node holds.</summary>
public sealed record ConnectionLimits
{
    /// <summary>All listeners together (max.connections); at the limit no further connection is accepted until one ends.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>Single listeners, by name (listener.name.x.max.connections); at its limit a listener accepts no further connection until one of its own ends.</summary>
    public IReadOnlyDictionary<string, int> PerListener { get; init; } = new Dictionary<string, int>();

    /// <summary>From one address (max.connections.per.ip); further ones are closed at once.</summary>
    public int MaxConnectionsPerIp { get; init; } = int.MaxValue;

    /// <summary>Addresses with a limit of their own (max.connections.per.ip.overrides).</summary>
    public IReadOnlyDictionary<IPAddress, int> PerIpOverrides { get; init; } = new Dictionary<IPAddress, int>();
}
