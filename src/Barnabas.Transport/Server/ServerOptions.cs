namespace Barnabas.Transport.Server;

/// <summary>Limits of each connection of a listener.</summary>
public sealed record ServerOptions
{
    /// <summary>The largest frame accepted, in bytes (socket.request.max.bytes).</summary>
    public required int MaxRequestBytes { get; init; }

    /// <summary>Connections on which nothing moves for this long, with no request at work, are closed (connections.max.idle.ms).</summary>
    public required TimeSpan MaxIdle { get; init; }

    /// <summary>Requests of one connection at work at once; more are left in the socket.</summary>
    public int MaxInFlightRequests { get; init; } = 256;

    /// <summary>Responses of one connection waiting to be sent, in bytes; past it no further request is taken up.</summary>
    public long MaxUnsentBytes { get; init; } = 64L * 1024 * 1024;
}
