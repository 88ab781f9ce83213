using System.Net;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Tls;

/// <summary>Another transport with TLS on what it accepts and opens. Safe from any thread.</summary>
public sealed class TlsTransport(ITransport inner, TlsContext context, ILogger logger) : ITransport
{
    /// <inheritdoc/>
    public async ValueTask<ITransportListener> ListenAsync(string host, int port) => new TlsListener(await inner.ListenAsync(host, port), context, logger);

    /// <inheritdoc/>
    public async ValueTask<ITransportConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken) =>
        await TlsConnection.ConnectAsync(await inner.ConnectAsync(host, port, cancellationToken), context, host, logger, cancellationToken);

    /// <inheritdoc/>
    public ITransport WithBuffers(int? receiveBytes, int? sendBytes) => new TlsTransport(inner.WithBuffers(receiveBytes, sendBytes), context, logger);

    private sealed class TlsListener(ITransportListener inner, TlsContext context, ILogger logger) : ITransportListener
    {
        public IPEndPoint LocalEndPoint => inner.LocalEndPoint;

        public async ValueTask<ITransportConnection> AcceptAsync(CancellationToken cancellationToken) =>
            TlsConnection.Server(await inner.AcceptAsync(cancellationToken), context, logger);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
