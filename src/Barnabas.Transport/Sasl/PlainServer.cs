using System.Security.Cryptography;
using System.Text;

namespace Barnabas.Transport.Sasl;

/// <summary>The server's side of PLAIN (RFC 4616): one token with user name and password.</summary>
/// <param name="passwordOf">The password of a user, or null.</param>
public sealed class PlainServer(Func<string, string?> passwordOf) : ISaslServer
{
    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public string AuthorizationId { get; private set; } = "";

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt => null;

    /// <inheritdoc/>
    public bool IsTokenAuthenticated => false;

    /// <inheritdoc/>
    public ValueTask<byte[]> EvaluateAsync(ReadOnlyMemory<byte> token, CancellationToken cancellationToken)
    {
        var parts = Encoding.UTF8.GetString(token.Span).Split('\0');
        if (parts.Length != 3)
            throw SaslException.Told($"Invalid SASL/PLAIN response: expected 3 tokens, got {parts.Length}");
        var (authorizationId, user, password) = (parts[0], parts[1], parts[2]);
        if (user.Length == 0)
            throw SaslException.Told("Authentication failed: username not specified");
        if (password.Length == 0)
            throw SaslException.Told("Authentication failed: password not specified");
        // Compared in constant time, and against something for users that do not exist.
        var expected = passwordOf(user);
        var isEqual = CryptographicOperations.FixedTimeEquals(Hash(password), Hash(expected ?? ""));
        if (expected is null || !isEqual)
            throw SaslException.Told("Authentication failed: Invalid username or password");
        if (authorizationId.Length > 0 && authorizationId != user)
            throw SaslException.Told("Authentication failed: Client requested an authorization id that is different from username");
        AuthorizationId = user;
        IsComplete = true;
        return new([]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
