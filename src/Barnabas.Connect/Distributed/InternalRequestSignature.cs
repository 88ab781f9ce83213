using System.Security.Cryptography;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Stores;

namespace Barnabas.Connect.Distributed;

/// <summary>How a request between workers proves that it comes from one (KIP-507): a keyed hash of its body in two headers.</summary>
/// <param name="Body">The body.</param>
/// <param name="Algorithm">The hash by Java's name; null where the header is missing.</param>
/// <param name="Signature">The hash in base 64; null where the header is missing.</param>
internal sealed record InternalRequestSignature(ReadOnlyMemory<byte> Body, string? Algorithm, string? Signature)
{
    public const string SignatureHeader = "X-Connect-Authorization";
    public const string AlgorithmHeader = "X-Connect-Request-Signature-Algorithm";

    public static string Sign(SessionKey key, string algorithm, ReadOnlySpan<byte> body) => Convert.ToBase64String(Hmac.Sign(algorithm, key.Key, body));

    /// <exception cref="RestException">It is not signed (400), not with the key of this session (403), or there is no key yet (503).</exception>
    public void Verify(SessionKey? key, IReadOnlyList<string> accepted)
    {
        if (Algorithm is null || Signature is null) throw new RestException(400, "Internal request missing required signature");
        if (!Hmac.IsKnown(Algorithm)) throw new RestException(400, $"Algorithm {Algorithm} not available");
        if (!accepted.Contains(Algorithm))
        {
            throw new RestException(
                400,
                $"This worker does not support the '{Algorithm}' key signing algorithm used by other workers. This worker is currently configured to use: [{string.Join(", ", accepted)}]. " +
                "Check that all workers' configuration files permit the same set of signature algorithms, and correct any misconfigured worker and restart it.");
        }

        var given = new byte[Signature.Length];
        if (!Convert.TryFromBase64String(Signature, given, out var length)) throw new RestException(400, "Illegal base64 character");
        if (key is null) throw new RestException(503, "This worker is still starting up and has not been able to read a session key from the config topic yet");
        if (!CryptographicOperations.FixedTimeEquals(Hmac.Sign(Algorithm, key.Key, Body.Span), given.AsSpan(0, length)))
            throw new RestException(403, "Internal request contained invalid signature.");
    }
}
