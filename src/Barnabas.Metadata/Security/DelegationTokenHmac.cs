using System.Security.Cryptography;
using System.Text;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Metadata.Security;

/// <summary>What proves a delegation token: its id under the cluster's secret. It is the password that goes with the token's id.</summary>
public static class DelegationTokenHmac
{
    /// <summary>delegation.token.secret.key, or null where tokens are not in use.</summary>
    public static string? SecretOf(BrokerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.GetOptionalString("delegation.token.secret.key") is { Length: > 0 } secret ? secret : null;
    }

    /// <summary>The proof of a token.</summary>
    public static byte[] Of(string secret, string tokenId) => HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(tokenId));
}
