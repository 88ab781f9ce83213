using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Tls;

/// <summary>All log texts of TLS.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(1101, LogLevel.Information, "Failed authentication with {RemoteEndPoint} (SSL handshake failed: {Reason}); closing the connection")]
    public static partial void HandshakeFailed(ILogger logger, IPEndPoint remoteEndPoint, string reason);

    [LoggerMessage(1102, LogLevel.Information, "The key and trust stores have changed ({KeyStore}); new connections use them")]
    public static partial void Reloaded(ILogger logger, string keyStore);

    [LoggerMessage(1103, LogLevel.Error, "The key and trust stores have changed but cannot be used: {Reason}. Connections are served with the ones read before")]
    public static partial void ReloadFailed(ILogger logger, string reason);
}
