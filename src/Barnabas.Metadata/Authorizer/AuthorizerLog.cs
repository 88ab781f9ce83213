using Microsoft.Extensions.Logging;

namespace Barnabas.Metadata.Authorizer;

/// <summary>What the authorizer tells: Kafka's audit line.</summary>
internal static partial class AuthorizerLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Principal = {Principal} is Denied operation = {Operation} from host = {Host} on resource = {Resource} for request = {Request} with resourceRefCount = 1 based on rule {Rule}")]
    internal static partial void Denied(ILogger logger, string principal, string operation, string host, string resource, string request, string rule);
}
