namespace Barnabas.Transport;

/// <summary>A way to reach other processes by host and port: sockets, or memory within a process. Implementations are safe to use from any thread.</summary>
public interface ITransport
{
    /// <summary>Starts to listen.</summary>
    /// <param name="host">A name or address to bind; empty binds every address of the machine.</param>
    /// <param name="port">The port; 0 takes a free one, see <see cref="ITransportListener.LocalEndPoint"/>.</param>
    /// <exception cref="TransportException">The address cannot be resolved or is taken.</exception>
    ValueTask<ITransportListener> ListenAsync(string host, int port);

    /// <summary>Opens a connection.</summary>
    /// <param name="host">A name or address; every address of the name is tried in order.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransportException">Nobody answers there.</exception>
    ValueTask<ITransportConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken);

    /// <summary>The same way with connections whose buffers in the system have these sizes in bytes; itself where connections have no such buffers.</summary>
    /// <param name="receiveBytes">The size of receive buffers; null leaves it as it is.</param>
    /// <param name="sendBytes">The size of send buffers; null leaves it as it is.</param>
    ITransport WithBuffers(int? receiveBytes, int? sendBytes) => this;
}
