using System.Text;

namespace Barnabas.Transport.Sasl;

/// <summary>The client's side of PLAIN (RFC 4616).</summary>
public sealed class PlainClient(string user, string password) : ISaslClient
{
    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public ValueTask<byte[]?> EvaluateAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken)
    {
        if (IsComplete)
            return new((byte[]?)null);
        IsComplete = true;
        return new(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
