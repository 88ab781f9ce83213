using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Requests;

internal static partial class RequestConnectionLog
{
    [LoggerMessage(1, LogLevel.Debug, "Connection to {Peer} ended: {Reason}. {InFlight} requests in flight fail with a disconnect.")]
    public static partial void Closed(ILogger logger, string peer, string reason, int inFlight);
}
