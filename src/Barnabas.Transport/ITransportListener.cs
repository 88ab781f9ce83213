using System.Net;

namespace Barnabas.Transport;

/// <summary>A bound port. One caller accepts at a time; disposing ends a waiting accept with <see cref="TransportException"/>.</summary>
public interface ITransportListener : IAsyncDisposable
{
    /// <summary>The address and the port in use (never 0).</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Waits for the next connection, which then belongs to the caller.</summary>
    /// <exception cref="TransportException">The listener is disposed.</exception>
    ValueTask<ITransportConnection> AcceptAsync(CancellationToken cancellationToken);
}
