using Barnabas.Protocol.Buffers;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Tls;

/// <summary>
/// TLS over a connection, which it owns. A server's handshake happens in the first receive, on the read loop of its
/// connection, so that accepting never waits for a peer; a client's before the connection is handed out.
/// </summary>
public sealed class TlsConnection : ITransportConnection
{
    private const int MaxRecordBytes = 16 * 1024;

    private readonly ITransportConnection _inner;
    private readonly SslStream _tls;
    private readonly TlsContext _context;
    private readonly ILogger _logger;

    private TlsConnection(ITransportConnection inner, TlsContext context, ILogger logger)
    {
        _inner = inner;
        _context = context;
        _logger = logger;
        _tls = new SslStream(new TransportStream(inner), leaveInnerStreamOpen: true);
    }

    /// <inheritdoc/>
    public IPEndPoint RemoteEndPoint => _inner.RemoteEndPoint;

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint => _inner.LocalEndPoint;

    /// <inheritdoc/>
    public X509Certificate2? PeerCertificate { get; private set; }

    /// <summary>Makes the client's side of a connection; the certificate is checked against the host.</summary>
    /// <exception cref="TransportException">The handshake failed.</exception>
    public static async ValueTask<TlsConnection> ConnectAsync(ITransportConnection inner, TlsContext context, string host, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var connection = new TlsConnection(inner, context, logger);
        try
        {
            await connection._tls.AuthenticateAsClientAsync(context.ClientOptions(host), cancellationToken);
            connection.TakePeerCertificate();
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            if (e is AuthenticationException or IOException)
                throw new TransportException($"SSL handshake failed: {Reason(e)}", e);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_tls.IsAuthenticated)
            await AcceptAsync(cancellationToken);
        try
        {
            return await _tls.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw Broken(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gathered);
        // Small neighbours share a record: each costs a header, a tag and a turn of the cipher.
        var record = ByteArrayPool.Instance.Rent(MaxRecordBytes);
        try
        {
            var held = 0;
            for (var i = 0; i < gathered.Count; i++)
            {
                var segment = gathered[i];
                if (held + segment.Length <= MaxRecordBytes)
                {
                    segment.CopyTo(record.AsMemory(held));
                    held += segment.Length;
                    continue;
                }
                if (held > 0)
                    await _tls.WriteAsync(record.AsMemory(0, held), cancellationToken);
                held = 0;
                await _tls.WriteAsync(segment, cancellationToken);
            }
            if (held > 0)
                await _tls.WriteAsync(record.AsMemory(0, held), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Abort("a send was cancelled");
            throw;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw Broken(e);
        }
        finally
        {
            ByteArrayPool.Instance.Return(record);
        }
    }

    /// <inheritdoc/>
    public void Abort(string reason) => _inner.Abort(reason);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        await _inner.DisposeAsync();
        PeerCertificate?.Dispose();
    }

    internal static TlsConnection Server(ITransportConnection inner, TlsContext context, ILogger logger) => new(inner, context, logger);

    private async ValueTask AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _tls.AuthenticateAsServerAsync(_context.ServerOptions(), cancellationToken);
            TakePeerCertificate();
        }
        catch (Exception e) when (e is AuthenticationException or IOException or TlsException or ObjectDisposedException)
        {
            TlsLog.HandshakeFailed(_logger, RemoteEndPoint, Reason(e));
            throw new TransportException($"SSL handshake failed: {Reason(e)}", e);
        }
    }

    private void TakePeerCertificate()
    {
        if (_tls.RemoteCertificate is { } certificate)
            PeerCertificate = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
    }

    private static string Reason(Exception e) => e.InnerException is { } inner and not TransportException ? $"{e.Message.TrimEnd('.')}: {inner.Message}" : e.Message;

    private TransportException Broken(Exception e) =>
        e as TransportException ?? e.InnerException as TransportException ?? new TransportException($"Connection to {RemoteEndPoint} is broken: {e.Message}", e);
}
