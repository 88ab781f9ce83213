using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Barnabas.Transport;

/// <summary>
/// A byte stream both ways. One receive and one send may be under way at a time, each from any thread;
/// <see cref="Abort"/> may be called from any thread and ends both with <see cref="TransportException"/>.
/// </summary>
public interface ITransportConnection : IAsyncDisposable
{
    /// <summary>The peer's address.</summary>
    IPEndPoint RemoteEndPoint { get; }

    /// <summary>This side's address.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>The certificate that the peer has shown and that is trusted; null without TLS, and before its handshake.</summary>
    X509Certificate2? PeerCertificate => null;

    /// <summary>
    /// Reads what has arrived, at least one byte, into <paramref name="buffer"/>; 0 says that the peer has sent its last byte.
    /// With an empty buffer it waits until there is something to read (or the end) and returns 0: an idle connection holds no buffer.
    /// </summary>
    /// <exception cref="TransportException">The connection is broken or aborted.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection stays usable.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Sends all segments in order as one write where the system can; the memory must stay untouched until it completes.</summary>
    /// <exception cref="TransportException">The connection is broken or aborted.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. Part of the bytes may have left, so the connection is aborted.</exception>
    ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered, CancellationToken cancellationToken);

    /// <summary>Closes at once; the first reason is the one that waiting operations report. Never throws.</summary>
    void Abort(string reason);
}
