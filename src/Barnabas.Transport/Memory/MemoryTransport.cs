using System.Net;

namespace Barnabas.Transport.Memory;

/// <summary>
/// A network inside the process: names and ports of its own, no sockets. Faults are set through <see cref="Faults"/>.
/// Safe from any thread; one instance is one network.
/// </summary>
public sealed class MemoryTransport : ITransport
{
    private const int FirstPort = 20000;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, MemoryListener> _listeners = [];
    private readonly TimeProvider _time;
    private int _lastPort = FirstPort - 1;

    /// <summary>Creates a network.</summary>
    /// <param name="time">Drives delayed deliveries.</param>
    public MemoryTransport(TimeProvider time)
    {
        _time = time;
        Faults = new MemoryNetworkFaults();
    }

    /// <summary>What goes wrong on this network.</summary>
    public MemoryNetworkFaults Faults { get; }

    /// <inheritdoc/>
    public ValueTask<ITransportListener> ListenAsync(string host, int port)
    {
        lock (_lock)
        {
            if (port == 0)
                port = FreePort();
            else if (_listeners.ContainsKey(port))
                throw new TransportException($"Cannot listen on {host}:{port}: the port is taken");
            var listener = new MemoryListener(this, new IPEndPoint(IPAddress.Loopback, port));
            _listeners.Add(port, listener);
            return new ValueTask<ITransportListener>(listener);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ITransportConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Faults.RefusesConnections)
            throw new TransportException($"Cannot connect to {host}:{port}: refused by a fault");
        MemoryListener? listener;
        IPEndPoint local;
        lock (_lock)
        {
            _listeners.TryGetValue(port, out listener);
            local = new IPEndPoint(IPAddress.Loopback, FreePort());
        }
        if (listener is null)
            throw new TransportException($"Cannot connect to {host}:{port}: nobody listens there");
        var toServer = new MemoryPipe(Faults, _time);
        var toClient = new MemoryPipe(Faults, _time);
        var client = new MemoryConnection(local, listener.LocalEndPoint, toClient, toServer);
        var server = new MemoryConnection(listener.LocalEndPoint, local, toServer, toClient);
        if (!listener.TryOffer(server))
            throw new TransportException($"Cannot connect to {host}:{port}: the listener is closed");
        Faults.Track(client);
        return new ValueTask<ITransportConnection>(client);
    }

    internal void Remove(MemoryListener listener)
    {
        lock (_lock)
            _listeners.Remove(listener.LocalEndPoint.Port);
    }

    private int FreePort()
    {
        // Around and around, as a system's ephemeral ports: a connection's port tells nobody apart, so one may come again while another has it.
        do
            _lastPort = _lastPort == IPEndPoint.MaxPort ? FirstPort : _lastPort + 1;
        while (_listeners.ContainsKey(_lastPort));
        return _lastPort;
    }
}
