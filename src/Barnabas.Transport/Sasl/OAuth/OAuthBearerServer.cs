using System.Text;
using System.Text.RegularExpressions;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>The server's side of OAUTHBEARER (RFC 7628). A token that is not valid is answered with a status first, as the mechanism wants, and fails with the client's next word.</summary>
public sealed partial class OAuthBearerServer(IJwtValidator validator) : ISaslServer
{
    private const string InvalidToken = "{\"status\":\"invalid_token\"}";
    private string? _failure;

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public string AuthorizationId { get; private set; } = "";

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <inheritdoc/>
    public bool IsTokenAuthenticated => false;

    /// <inheritdoc/>
    public async ValueTask<byte[]> EvaluateAsync(ReadOnlyMemory<byte> token, CancellationToken cancellationToken)
    {
        if (_failure is not null)
            throw new SaslException(_failure, InvalidToken);
        var match = FirstMessage().Match(Encoding.UTF8.GetString(token.Span));
        if (!match.Success)
            throw new SaslException("Invalid OAUTHBEARER client first message");
        OAuthToken valid;
        try
        {
            valid = await validator.ValidateAsync(match.Groups["token"].Value, cancellationToken);
        }
        catch (SaslException e)
        {
            _failure = e.Message;
            return Encoding.UTF8.GetBytes(InvalidToken);
        }
        var authorizationId = match.Groups["authzid"].Value;
        if (authorizationId.Length > 0 && authorizationId != valid.Principal)
            throw SaslException.Told($"Authentication failed: Client requested an authorization id ({authorizationId}) that is different from the token's principal name ({valid.Principal})");
        AuthorizationId = valid.Principal;
        ExpiresAt = valid.ExpiresAt;
        IsComplete = true;
        return [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    [GeneratedRegex("^n,(?:a=(?<authzid>[^,\u0001]*))?,\u0001(?:[A-Za-z]+=[^\u0001]*\u0001)*?auth=[Bb][Ee][Aa][Rr][Ee][Rr] +(?<token>[-_.+/~=A-Za-z0-9]+)\u0001(?:[A-Za-z]+=[^\u0001]*\u0001)*\u0001$")]
    private static partial Regex FirstMessage();
}
