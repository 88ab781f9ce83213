using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Server;

/// <summary>All log texts of listeners and connections.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1001, LogLevel.Debug, "Accepted a connection from {RemoteEndPoint} on {Listener}")]
    public static partial void Accepted(ILogger logger, IPEndPoint remoteEndPoint, string listener);

    [LoggerMessage(1002, LogLevel.Debug, "Connection from {RemoteEndPoint} on {Listener} ended: {Reason}")]
    public static partial void Closed(ILogger logger, IPEndPoint remoteEndPoint, string listener, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "Closing the connection from {RemoteEndPoint} on {Listener}: {Reason}")]
    public static partial void BadFrame(ILogger logger, IPEndPoint remoteEndPoint, string listener, string reason);

    [LoggerMessage(1004, LogLevel.Error, "Closing the connection from {RemoteEndPoint} on {Listener}: its request failed in an unexpected way")]
    public static partial void HandlerFailed(ILogger logger, IPEndPoint remoteEndPoint, string listener, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "Refusing a connection from {Address}: it already has {Limit} (max.connections.per.ip)")]
    public static partial void TooManyFromAddress(ILogger logger, IPAddress address, int limit);

    [LoggerMessage(1006, LogLevel.Warning, "Listener {Listener} accepts no further connections until one of the {Limit} ends (max.connections)")]
    public static partial void AtMaxConnections(ILogger logger, string listener, int limit);

    [LoggerMessage(1007, LogLevel.Error, "Listener {Listener} cannot accept a connection; trying again in 100 ms")]
    public static partial void AcceptFailed(ILogger logger, string listener, Exception exception);

    [LoggerMessage(1008, LogLevel.Debug, "Connections from {Address} on {Listener} come faster than its quota of connection_creation_rate; this one is held back and closed")]
    public static partial void TooFastFromAddress(ILogger logger, IPAddress address, string listener);
}
