namespace Barnabas.Transport.Sasl;

/// <summary>The server's side of one exchange. One call at a time.</summary>
public interface ISaslServer : IDisposable
{
    /// <summary>Whether the client has proven who it is.</summary>
    bool IsComplete { get; }

    /// <summary>Who the client is, once complete.</summary>
    string AuthorizationId { get; }

    /// <summary>When the credentials end, or null; clients have to prove themselves again before (KIP-368).</summary>
    DateTimeOffset? ExpiresAt { get; }

    /// <summary>Whether a delegation token stood for the user.</summary>
    bool IsTokenAuthenticated { get; }

    /// <summary>Answers a token of the client; an empty answer where there is nothing to say.</summary>
    /// <exception cref="SaslException">The client is not who it says.</exception>
    ValueTask<byte[]> EvaluateAsync(ReadOnlyMemory<byte> token, CancellationToken cancellationToken);
}
