using System.Net;

namespace Barnabas.Transport.Quotas;

/// <summary>How many connections a second may be opened (KIP-612). Immutable.</summary>
public sealed record ConnectionRateLimits
{
    /// <summary>No limits.</summary>
    public static ConnectionRateLimits None { get; } = new();

    /// <summary>On all listeners together (max.connection.creation.rate).</summary>
    public double Node { get; init; } = double.PositiveInfinity;

    /// <summary>On single listeners, by name (listener.name.x.max.connection.creation.rate).</summary>
    public IReadOnlyDictionary<string, double> PerListener { get; init; } = new Dictionary<string, double>();

    /// <summary>From one address that has no limit of its own (the quota of the default ip).</summary>
    public double DefaultAddress { get; init; } = double.PositiveInfinity;

    /// <summary>From single addresses.</summary>
    public IReadOnlyDictionary<IPAddress, double> PerAddress { get; init; } = new Dictionary<IPAddress, double>();

    internal double Of(string listener) => PerListener.TryGetValue(listener, out var limit) ? limit : double.PositiveInfinity;

    internal double Of(IPAddress address) => PerAddress.TryGetValue(address, out var limit) ? limit : DefaultAddress;
}
