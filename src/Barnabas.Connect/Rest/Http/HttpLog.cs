using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest.Http;

internal static partial class HttpLog
{
    /// <summary>As Apache Kafka's worker writes it: NCSA's extended format with the milliseconds at the end.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "{Remote} - - [{Time}] \"{Request}\" {Status} {Bytes} \"{Referer}\" \"{Agent}\" {Milliseconds}")]
    public static partial void Answered(ILogger logger, IPAddress remote, string time, string request, int status, long bytes, string referer, string agent, long milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection of the REST API on {Listener} cannot be accepted; trying again.")]
    public static partial void AcceptFailed(ILogger logger, EndPoint listener, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The REST API has {Limit} connections, as many as it takes: one from {Remote} is closed.")]
    public static partial void TooMany(ILogger logger, int limit, IPAddress remote);

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection of the REST API from {Remote} is closed after an error.")]
    public static partial void ConnectionFailed(ILogger logger, IPAddress remote, Exception error);
}
