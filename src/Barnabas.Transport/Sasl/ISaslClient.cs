namespace Barnabas.Transport.Sasl;

/// <summary>The client's side of one exchange. One call at a time.</summary>
public interface ISaslClient : IDisposable
{
    /// <summary>Whether nothing is left to say, and the server has proven itself where the mechanism asks for that.</summary>
    bool IsComplete { get; }

    /// <summary>The next token; the first call gets an empty challenge.</summary>
    /// <returns>Null where there is nothing to say.</returns>
    /// <exception cref="SaslException">The server is not who it says, or says nonsense.</exception>
    ValueTask<byte[]?> EvaluateAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken);
}
