using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Security;

/// <summary>Log texts of authentication.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(2201, LogLevel.Information, "Failed {What} with {RemoteEndPoint} on {Listener} ({Reason}); closing the connection after its answer")]
    public static partial void Failed(ILogger logger, string what, IPEndPoint remoteEndPoint, string listener, string reason);

    [LoggerMessage(2202, LogLevel.Debug, "{RemoteEndPoint} on {Listener} is {Principal} by {Mechanism}")]
    public static partial void Authenticated(ILogger logger, IPEndPoint remoteEndPoint, string listener, string principal, string mechanism);

    [LoggerMessage(2203, LogLevel.Warning, "The new configuration of listener {Listener} cannot be used: {Reason}. It goes on with the one before")]
    public static partial void ChangeFailed(ILogger logger, string listener, string reason);
}
