namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>The client's side of GSSAPI (RFC 4752): a Kerberos context, then the choice of no security layer.</summary>
/// <param name="login">Where tickets come from.</param>
/// <param name="service">The Kerberos service of the node.</param>
/// <param name="host">The node's host.</param>
public sealed class GssapiClient(GssapiLogin login, string service, string host) : ISaslClient
{
    private readonly GssContext _context = new();
    private GssCredentials? _credentials;
    private GssName? _target;

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> EvaluateAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken) =>
        IsComplete ? null : await GssThreads.Clients.RunAsync(() => Evaluate(challenge), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _credentials?.Dispose();
        _target?.Dispose();
    }

    private byte[] Evaluate(ReadOnlyMemory<byte> challenge)
    {
        if (!_context.IsEstablished)
        {
            _credentials ??= login.Acquire();
            _target ??= GssName.Service(service, host);
            return _context.Init(_credentials, _target, challenge);
        }
        var choice = _context.Wrap(SecurityLayers.Choose(_context.Unwrap(challenge.Span)));
        IsComplete = true;
        return choice;
    }
}
