namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>What the claims of a token have to say, by Kafka's <c>sasl.oauthbearer.</c> keys.</summary>
public sealed record JwtRules
{
    /// <summary>sasl.oauthbearer.expected.issuer, or null for any.</summary>
    public string? Issuer { get; init; }

    /// <summary>sasl.oauthbearer.expected.audience: one of these, or any where it is empty.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>sasl.oauthbearer.sub.claim.name.</summary>
    public string SubjectClaim { get; init; } = "sub";

    /// <summary>sasl.oauthbearer.scope.claim.name.</summary>
    public string ScopeClaim { get; init; } = "scope";

    /// <summary>Scopes that a token must have.</summary>
    public IReadOnlyList<string> RequiredScopes { get; init; } = [];

    /// <summary>sasl.oauthbearer.clock.skew.seconds.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the time of issue has to be there.</summary>
    public bool RequiresIssuedAt { get; init; } = true;

    /// <exception cref="SaslException">A claim is missing or wrong.</exception>
    internal OAuthToken Check(Jwt jwt, DateTimeOffset now)
    {
        var expires = jwt.Time("exp") ?? throw new SaslException("The JWT has no expiration time (exp)");
        var issued = jwt.Time("iat");
        if (issued is null && RequiresIssuedAt)
            throw new SaslException("The JWT has no time of issue (iat)");
        if (expires + ClockSkew <= now)
            throw new SaslException("The JWT has expired");
        if (issued is { } begin && begin > expires)
            throw new SaslException("The JWT expires before it was issued");
        if ((jwt.Time("nbf") ?? issued) is { } from && from - ClockSkew > now)
            throw new SaslException("The JWT is not valid yet");
        if (Issuer is not null && jwt.Text("iss") != Issuer)
            throw new SaslException("The JWT is of another issuer (iss)");
        if (Audiences.Count > 0 && !jwt.Texts("aud").Intersect(Audiences, StringComparer.Ordinal).Any())
            throw new SaslException("The JWT is for another audience (aud)");
        var scopes = jwt.Texts(ScopeClaim).SelectMany(scope => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct().ToList();
        if (RequiredScopes.Except(scopes, StringComparer.Ordinal).Any())
            throw new SaslException("The JWT lacks a scope");
        return jwt.Text(SubjectClaim) is { Length: > 0 } principal
            ? new OAuthToken(principal, expires, scopes)
            : throw new SaslException($"The JWT does not say whose it is ({SubjectClaim})");
    }
}
