namespace Barnabas.Transport.Memory;

/// <summary>What goes wrong on a <see cref="MemoryTransport"/>. Settings act on deliveries that follow; safe from any thread.</summary>
public sealed class MemoryNetworkFaults
{
    private readonly Lock _lock = new();
    private readonly List<WeakReference<ITransportConnection>> _connections = [];
    private long _delayTicks;
    private int _maxBytesPerReceive = int.MaxValue;
    private volatile bool _refuses;
    private volatile bool _drops;

    /// <summary>New connections are refused.</summary>
    public bool RefusesConnections
    {
        get => _refuses;
        set => _refuses = value;
    }

    /// <summary>Bytes sent from now on vanish, and neither side is told (a network partition). Streams that lost bytes stay broken: cut them when it heals.</summary>
    public bool DropsBytes
    {
        get => _drops;
        set => _drops = value;
    }

    /// <summary>How long bytes travel.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>A receive returns at most this many bytes: 1 makes every frame arrive in pieces.</summary>
    public int MaxBytesPerReceive
    {
        get => Volatile.Read(ref _maxBytesPerReceive);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Volatile.Write(ref _maxBytesPerReceive, value);
        }
    }

    /// <summary>Breaks every open connection, as when a cable is pulled and both ends notice.</summary>
    /// <returns>The number of connections that were open.</returns>
    public int CutAll()
    {
        List<WeakReference<ITransportConnection>> cut;
        lock (_lock)
        {
            cut = [.. _connections];
            _connections.Clear();
        }
        var open = 0;
        foreach (var reference in cut)
        {
            if (reference.TryGetTarget(out var connection))
            {
                connection.Abort("cut by a fault");
                open++;
            }
        }
        return open;
    }

    internal void Track(ITransportConnection connection)
    {
        lock (_lock)
        {
            if (_connections.Count > 64 && (_connections.Count & 63) == 0)
                _connections.RemoveAll(r => !r.TryGetTarget(out _));
            _connections.Add(new WeakReference<ITransportConnection>(connection));
        }
    }
}
