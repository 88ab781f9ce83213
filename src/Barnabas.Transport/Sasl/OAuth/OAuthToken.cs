namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>What a valid bearer token says.</summary>
/// <param name="Principal">Whose it is.</param>
/// <param name="ExpiresAt">Until when it is valid.</param>
/// <param name="Scopes">What it is good for.</param>
public sealed record OAuthToken(string Principal, DateTimeOffset ExpiresAt, IReadOnlyList<string> Scopes);

/// <summary>Decides over bearer tokens. Safe from any thread.</summary>
public interface IJwtValidator
{
    /// <summary>Checks a token.</summary>
    /// <exception cref="SaslException">It is not valid.</exception>
    ValueTask<OAuthToken> ValidateAsync(string token, CancellationToken cancellationToken);
}
