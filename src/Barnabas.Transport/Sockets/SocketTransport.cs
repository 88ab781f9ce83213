using System.Net;
using System.Net.Sockets;

namespace Barnabas.Transport.Sockets;

/// <summary>TCP. Stateless and safe from any thread.</summary>
/// <param name="options">What sockets are set to; null for the system's own.</param>
public sealed class SocketTransport(SocketOptions? options = null) : ITransport
{
    private readonly SocketOptions _options = options ?? new SocketOptions();

    /// <inheritdoc/>
    public async ValueTask<ITransportListener> ListenAsync(string host, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        var address = host.Length == 0 || host == "*" ? IPAddress.IPv6Any : await ResolveOneAsync(host);
        if (address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
            address = IPAddress.Any;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            // Before the first connection: each inherits them, and they bound the window that is offered as it opens.
            SetBuffers(socket);
            // A port whose old connections linger may be bound at once: .NET sees to that. ReuseAddress would let a second node share the port.
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(_options.Backlog);
            return new SocketListener(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new TransportException($"Socket server failed to bind to {host}:{port}: {e.Message}.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ITransportConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        SocketException? last = null;
        foreach (var address in await ResolveAsync(host, cancellationToken))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                SetBuffers(socket);
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new SocketConnection(socket);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw;
            }
        }
        throw new TransportException($"Cannot connect to {host}:{port}: {last?.Message ?? "the name has no address"}", last!);
    }

    /// <inheritdoc/>
    public ITransport WithBuffers(int? receiveBytes, int? sendBytes) => new SocketTransport(_options with
    {
        ReceiveBufferBytes = receiveBytes ?? _options.ReceiveBufferBytes,
        SendBufferBytes = sendBytes ?? _options.SendBufferBytes,
    });

    private void SetBuffers(Socket socket)
    {
        if (_options.ReceiveBufferBytes is { } receive)
            socket.ReceiveBufferSize = receive;
        if (_options.SendBufferBytes is { } send)
            socket.SendBufferSize = send;
    }

    private static async ValueTask<IPAddress> ResolveOneAsync(string host)
    {
        var addresses = await ResolveAsync(host, CancellationToken.None);
        // A name that has both kinds is bound on IPv4, as a Java broker does.
        return Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork)
            ?? (addresses.Length > 0 ? addresses[0] : throw new TransportException($"The name {host} has no address"));
    }

    private static async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        // Known without asking (RFC 6761); the resolver and its metrics are a good part of a cold start.
        if (host == "localhost")
            return Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new TransportException($"Cannot resolve {host}: {e.Message}", e);
        }
    }
}
