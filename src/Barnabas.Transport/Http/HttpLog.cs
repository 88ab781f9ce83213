using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Http;

internal static partial class HttpLog
{
    /// <summary>As Apache Kafka's worker writes it: NCSA's extended format with the milliseconds at the end.</summary>
    [LoggerMessage(EventId = 1251, Message = "{Remote} - - [{Time}] \"{Request}\" {Status} {Bytes} \"{Referer}\" \"{Agent}\" {Milliseconds}")]
    public static partial void Answered(ILogger logger, LogLevel level, IPAddress remote, string time, string request, int status, long bytes, string referer, string agent, long milliseconds);

    [LoggerMessage(1252, LogLevel.Error, "A connection of the {Name} on {Listener} cannot be accepted; trying again in 100 ms.")]
    public static partial void AcceptFailed(ILogger logger, string name, EndPoint listener, Exception error);

    [LoggerMessage(1253, LogLevel.Warning, "The {Name} has {Limit} connections, as many as it takes: one from {Remote} is closed.")]
    public static partial void TooMany(ILogger logger, string name, int limit, IPAddress remote);

    [LoggerMessage(1254, LogLevel.Error, "A connection of the {Name} from {Remote} is closed after an error.")]
    public static partial void ConnectionFailed(ILogger logger, string name, IPAddress remote, Exception error);
}
