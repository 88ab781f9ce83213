using System.Security.Cryptography;
using System.Text;

namespace Barnabas.Transport.Sasl.Scram;

/// <summary>The server's side of SCRAM (RFC 5802) with Kafka's extension for delegation tokens.</summary>
/// <param name="mechanism">The hash.</param>
/// <param name="credentialOf">What is known of a user, or of a delegation token where the second argument says so; null where nothing.</param>
public sealed class ScramServer(ScramMechanism mechanism, Func<string, bool, ScramCredential?> credentialOf) : ISaslServer
{
    private ScramCredential? _credential;
    private string _user = "";
    private string _gs2Header = "";
    private string _clientFirstBare = "";
    private string _serverFirst = "";
    private string _clientNonce = "";
    private string _nonce = "";

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public string AuthorizationId => _credential?.TokenOwner ?? _user;

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt => _credential?.ExpiresAt;

    /// <inheritdoc/>
    public bool IsTokenAuthenticated { get; private set; }

    /// <inheritdoc/>
    public ValueTask<byte[]> EvaluateAsync(ReadOnlyMemory<byte> token, CancellationToken cancellationToken)
    {
        if (IsComplete)
            throw new SaslException("A token came after the exchange was complete");
        var answer = _credential is null ? First(ScramText.Read(token)) : Final(ScramText.Read(token));
        return new(Encoding.UTF8.GetBytes(answer));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private string First(string message)
    {
        var match = ScramText.ClientFirst().Match(message);
        if (!match.Success || match.Groups["nonce"].Length > ScramText.MaxNonceLength)
            throw new SaslException("Invalid SCRAM client first message format");
        _clientFirstBare = match.Groups["bare"].Value;
        _gs2Header = message[..^_clientFirstBare.Length];
        _user = ScramText.Unescape(match.Groups["name"].Value);
        var authorizationId = ScramText.Unescape(match.Groups["authzid"].Value);
        if (authorizationId.Length > 0 && authorizationId != _user)
            throw SaslException.Told("Authentication failed: Client requested an authorization id that is different from username");
        IsTokenAuthenticated = Array.Exists(match.Groups["extensions"].Value.Split(','), part => part.Equals("tokenauth=true", StringComparison.OrdinalIgnoreCase));
        var credential = credentialOf(_user, IsTokenAuthenticated) ?? throw new SaslException($"Authentication failed: no {mechanism.Name} credential for {_user}");
        if (credential.Iterations < ScramMechanism.MinIterations)
            throw new SaslException($"Iterations {credential.Iterations} is less than the minimum {ScramMechanism.MinIterations} for {mechanism.Name}");
        _credential = credential;
        _clientNonce = match.Groups["nonce"].Value;
        _nonce = _clientNonce + ScramText.Nonce();
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(credential.Salt.Span)},i={credential.Iterations}";
        return _serverFirst;
    }

    private string Final(string message)
    {
        var match = ScramText.ClientFinal().Match(message);
        if (!match.Success)
            throw new SaslException("Invalid SCRAM client final message format");
        // The nonce is the whole of both sides' and the header the one that was sent: else a message of another exchange would do.
        // librdkafka before 2.6.1, which Debian's kcat has, puts its own nonce before that of both once more: as bound to this exchange.
        if (match.Groups["nonce"].Value is var nonce && nonce != _nonce && nonce != _clientNonce + _nonce)
            throw new SaslException("Invalid client nonce in the final client message.");
        if (!ScramText.Decode(match.Groups["channel"].Value).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(_gs2Header)))
            throw new SaslException("The final client message has another header than the first one.");
        var authMessage = Encoding.UTF8.GetBytes($"{_clientFirstBare},{_serverFirst},{match.Groups["bare"].Value}");
        if (!IsProven(ScramText.Decode(match.Groups["proof"].Value), authMessage))
            throw new SaslException($"Authentication failed: invalid {mechanism.Name} credentials of {_user}");
        IsComplete = true;
        return "v=" + Convert.ToBase64String(mechanism.Hmac(_credential!.ServerKey.Span, authMessage));
    }

    private bool IsProven(byte[] proof, byte[] authMessage)
    {
        if (proof.Length != mechanism.HashBytes)
            return false;
        var clientKey = mechanism.Hmac(_credential!.StoredKey.Span, authMessage);
        for (var i = 0; i < clientKey.Length; i++)
            clientKey[i] ^= proof[i];
        return CryptographicOperations.FixedTimeEquals(mechanism.StoredKey(clientKey), _credential.StoredKey.Span);
    }
}
