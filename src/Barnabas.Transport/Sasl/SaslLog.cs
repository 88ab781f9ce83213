using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Sasl;

/// <summary>All log texts of SASL.</summary>
internal static partial class SaslLog
{
    [LoggerMessage(1201, LogLevel.Warning, "The keys of the OAuth provider at {Address} could not be fetched: {Reason}. Tokens are checked by the keys known before, if there are any")]
    public static partial void KeysNotFetched(ILogger logger, Uri address, string reason);
}
