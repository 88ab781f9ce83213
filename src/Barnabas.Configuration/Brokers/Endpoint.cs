namespace Barnabas.Configuration.Brokers;

/// <summary>An address a node listens on or tells clients of.</summary>
/// <param name="ListenerName">Name of the listener in upper case.</param>
/// <param name="SecurityProtocol">What it speaks.</param>
/// <param name="Host">Host name or address without brackets; empty means every interface of the machine.</param>
/// <param name="Port">Port; 0 means one that is free when the node starts.</param>
public sealed record Endpoint(string ListenerName, SecurityProtocol SecurityProtocol, string Host, int Port)
{
    /// <summary>The endpoint as it stands in a configuration file.</summary>
    public override string ToString() =>
        $"{ListenerName}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
