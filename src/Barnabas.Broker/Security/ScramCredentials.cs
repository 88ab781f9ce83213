using System.Security.Cryptography;
using Barnabas.Metadata.Image;
using Barnabas.Metadata.Security;
using Barnabas.Protocol.Acls;
using Barnabas.Transport.Sasl.Scram;

namespace Barnabas.Broker.Security;

/// <summary>The SCRAM credentials of users as the metadata holds them.</summary>
internal static class ScramCredentials
{
    private const int SaltBytes = 24;

    /// <returns>Null where there is none.</returns>
    public static ScramCredential? Find(MetadataImage image, ScramMechanism mechanism, string user, bool isToken, string? tokenSecret) =>
        isToken ? FindToken(image, mechanism, user, tokenSecret)
        : image.Scram.Credentials.TryGetValue((mechanism.Type, user), out var record)
            ? new ScramCredential(record.Salt, record.StoredKey, record.ServerKey, record.Iterations)
            : null;

    /// <summary>A delegation token stands for its owner; its proof is the password (KIP-48).</summary>
    private static ScramCredential? FindToken(MetadataImage image, ScramMechanism mechanism, string tokenId, string? tokenSecret)
    {
        if (tokenSecret is null || !image.DelegationTokens.Tokens.TryGetValue(tokenId, out var token))
            return null;
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var salted = mechanism.SaltedPassword(Convert.ToBase64String(DelegationTokenHmac.Of(tokenSecret, tokenId)), salt, ScramMechanism.MinIterations);
        return new ScramCredential(
            salt, mechanism.StoredKey(mechanism.ClientKey(salted)), mechanism.ServerKey(salted), ScramMechanism.MinIterations,
            KafkaPrincipal.TryParse(token.Owner)?.Name, DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(token.ExpirationTimestamp, token.MaxTimestamp)));
    }
}
