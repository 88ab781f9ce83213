using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

internal static partial class RestLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} has failed for a reason of the worker's own; it is answered with 500.")]
    public static partial void Failed(ILogger logger, string method, string path, Exception error);
}
