using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Http;

internal static partial class HttpLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Attempt} of {Attempts} to {Url} failed: {Reason}. The next is made in {Delay}.")]
    public static partial void RequestRetried(ILogger logger, int attempt, int attempts, string url, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Url} could not be read: {Reason}. It is asked again at the next interval, as behavior.on.error says.")]
    public static partial void AnswerIgnored(ILogger logger, string url, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Url} did not take {Count} record(s) from {Topic}: {Reason}. They go where errors.* says.")]
    public static partial void RecordsReported(ILogger logger, string url, int count, string topic, string reason);
}
