using System.Net;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Requests;

/// <summary>Log texts about requests.</summary>
internal static partial class RequestLog
{
    [LoggerMessage(2001, LogLevel.Error, "{Api} request, version {Version}, of {RemoteEndPoint} (client id {ClientId}) failed in an unexpected way; answering UNKNOWN_SERVER_ERROR")]
    public static partial void Failed(ILogger logger, ApiKey api, short version, IPEndPoint remoteEndPoint, string? clientId, Exception exception);
}
