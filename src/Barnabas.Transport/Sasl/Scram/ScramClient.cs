using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Barnabas.Transport.Sasl.Scram;

/// <summary>The client's side of SCRAM (RFC 5802): proves the password without showing it, and wants the server to prove that it knows it.</summary>
/// <param name="mechanism">The hash.</param>
/// <param name="user">The user, or the id of a delegation token.</param>
/// <param name="password">The password, or the HMAC of the token.</param>
/// <param name="isToken">Whether it is a delegation token.</param>
public sealed class ScramClient(ScramMechanism mechanism, string user, string password, bool isToken = false) : ISaslClient
{
    private const string Gs2Header = "n,,";
    private readonly string _nonce = ScramText.Nonce();
    private string _clientFirstBare = "";
    private byte[]? _serverSignature;

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public ValueTask<byte[]?> EvaluateAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken)
    {
        if (_clientFirstBare.Length == 0)
        {
            _clientFirstBare = $"n={ScramText.Escape(user)},r={_nonce}{(isToken ? ",tokenauth=true" : "")}";
            return new(Encoding.UTF8.GetBytes(Gs2Header + _clientFirstBare));
        }
        if (_serverSignature is null)
            return new(Encoding.UTF8.GetBytes(Final(ScramText.Read(challenge))));
        Check(ScramText.Read(challenge));
        IsComplete = true;
        return new((byte[]?)null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private string Final(string serverFirst)
    {
        var match = ScramText.ServerFirst().Match(serverFirst);
        if (!match.Success)
            throw new SaslException("Invalid SCRAM server first message format");
        var nonce = match.Groups["nonce"].Value;
        if (!nonce.StartsWith(_nonce, StringComparison.Ordinal) || nonce.Length == _nonce.Length)
            throw new SaslException("Invalid server nonce: does not start with client nonce");
        var iterations = int.Parse(match.Groups["iterations"].ValueSpan, CultureInfo.InvariantCulture);
        if (iterations is < ScramMechanism.MinIterations or > ScramMechanism.MaxIterations)
            throw new SaslException($"Requested iterations {iterations} is not between {ScramMechanism.MinIterations} and {ScramMechanism.MaxIterations} for {mechanism.Name}.");
        var salted = mechanism.SaltedPassword(password, ScramText.Decode(match.Groups["salt"].Value), iterations);
        var clientKey = mechanism.ClientKey(salted);
        var bare = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(Gs2Header))},r={nonce}";
        var authMessage = Encoding.UTF8.GetBytes($"{_clientFirstBare},{serverFirst},{bare}");
        var proof = mechanism.Hmac(mechanism.StoredKey(clientKey), authMessage);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= clientKey[i];
        _serverSignature = mechanism.Hmac(mechanism.ServerKey(salted), authMessage);
        return $"{bare},p={Convert.ToBase64String(proof)}";
    }

    private void Check(string serverFinal)
    {
        var match = ScramText.ServerFinal().Match(serverFinal);
        if (!match.Success)
            throw new SaslException("Invalid SCRAM server final message format");
        if (match.Groups["error"].Success)
            throw new SaslException($"Sasl authentication using {mechanism.Name} failed with error: {match.Groups["error"].Value}");
        if (!CryptographicOperations.FixedTimeEquals(ScramText.Decode(match.Groups["signature"].Value), _serverSignature))
            throw new SaslException("Invalid server signature in server final message");
    }
}
