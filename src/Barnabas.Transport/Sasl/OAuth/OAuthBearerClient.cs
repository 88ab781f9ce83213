using System.Text;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>The client's side of OAUTHBEARER (RFC 7628).</summary>
/// <param name="tokenOf">Gives the token to show.</param>
/// <param name="extensions">Extensions of the message (KIP-342).</param>
public sealed class OAuthBearerClient(Func<CancellationToken, ValueTask<string>> tokenOf, IReadOnlyDictionary<string, string> extensions) : ISaslClient
{
    private bool _hasSent;

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> EvaluateAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken)
    {
        if (!_hasSent)
        {
            _hasSent = true;
            var more = string.Concat(extensions.Select(extension => $"{extension.Key}={extension.Value}\u0001"));
            return Encoding.UTF8.GetBytes($"n,,\u0001auth=Bearer {await tokenOf(cancellationToken)}\u0001{more}\u0001");
        }
        if (challenge.Length > 0)
            return [1];
        IsComplete = true;
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
