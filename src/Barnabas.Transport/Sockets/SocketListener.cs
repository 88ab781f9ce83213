using System.Net;
using System.Net.Sockets;

namespace Barnabas.Transport.Sockets;

/// <summary>A listening socket. Owned by the acceptor loop of one listener.</summary>
internal sealed class SocketListener(Socket socket) : ITransportListener
{
    public IPEndPoint LocalEndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    public async ValueTask<ITransportConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await socket.AcceptAsync(cancellationToken);
            }
            catch (SocketException e)
            {
                throw new TransportException($"Cannot accept on {LocalEndPoint}: {e.Message}", e);
            }
            catch (ObjectDisposedException e)
            {
                throw new TransportException($"The listener on {LocalEndPoint} is closed", e);
            }
            try
            {
                accepted.NoDelay = true;
                return new SocketConnection(accepted);
            }
            catch (SocketException)
            {
                // The peer has gone between the handshake and here: there is nobody to serve.
                accepted.Dispose();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
