namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>Believes every token that nobody signed: for tests alone, and only where it is asked for by its class name.</summary>
public sealed class UnsecuredJwtValidator(JwtRules rules, TimeProvider time) : IJwtValidator
{
    /// <inheritdoc/>
    public ValueTask<OAuthToken> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        using var jwt = Jwt.Parse(token);
        if (jwt.Algorithm != "none" || jwt.Signature.Length > 0)
            throw new SaslException("The JWT is not an unsecured one");
        return new(rules.Check(jwt, time.GetUtcNow()));
    }
}
