namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>The server's side of GSSAPI (RFC 4752): a Kerberos context, then the choice of no security layer.</summary>
internal sealed class GssapiServer(GssCredentials credentials) : ISaslServer
{
    private readonly GssContext _context = new();
    private bool _hasOffered;

    public bool IsComplete { get; private set; }

    /// <summary>The principal with its realm.</summary>
    public string AuthorizationId { get; private set; } = "";

    public DateTimeOffset? ExpiresAt => null;

    public bool IsTokenAuthenticated => false;

    public ValueTask<byte[]> EvaluateAsync(ReadOnlyMemory<byte> token, CancellationToken cancellationToken) =>
        GssThreads.Services.RunAsync(() => Evaluate(token), cancellationToken);

    public void Dispose() => _context.Dispose();

    private byte[] Evaluate(ReadOnlyMemory<byte> token)
    {
        if (!_context.IsEstablished)
        {
            var answer = _context.Accept(credentials, token);
            return answer.Length > 0 || !_context.IsEstablished ? answer : Offer();
        }
        if (!_hasOffered)
            return token.Length == 0 ? Offer() : throw new SaslException("The client goes on after the end of the Kerberos context");
        // Whom the client says it acts for is passed over, as Kafka does: who it is says Kerberos alone (CVE-2017-12610).
        SecurityLayers.CheckChoice(_context.Unwrap(token.Span));
        AuthorizationId = _context.Source;
        IsComplete = true;
        return [];
    }

    private byte[] Offer()
    {
        _hasOffered = true;
        return _context.Wrap(SecurityLayers.Offer);
    }
}
