using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

internal static partial class RestLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} has failed for a reason of the worker's own; it is answered with 500.")]
    public static partial void Failed(ILogger logger, string method, string path, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of users {File} is empty: everybody may use the REST API. Write a line NAME=PASSWORD for each user, and start the worker again.")]
    public static partial void NoUsers(ILogger logger, string file);
}
