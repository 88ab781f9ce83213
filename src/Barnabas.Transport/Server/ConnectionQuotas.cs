using System.Net;
using Barnabas.Transport.Quotas;

namespace Barnabas.Transport.Server;

/// <summary>Counts connections of all listeners of a node against max.connections and max.connections.per.ip. Safe from any thread.</summary>
public sealed class ConnectionQuotas
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private readonly Dictionary<string, int> _perListener = new(StringComparer.Ordinal);
    private ConnectionLimits _limits;
    private TaskCompletionSource? _room;
    private int _total;

    /// <summary>Creates counters at zero.</summary>
    /// <param name="limits">How many connections there may be.</param>
    /// <param name="rates">How fast they may come; null for as fast as they do.</param>
    public ConnectionQuotas(ConnectionLimits limits, ConnectionRates? rates = null)
    {
        _limits = limits;
        Rates = rates;
    }

    /// <summary>How fast connections may come; null for as fast as they do.</summary>
    public ConnectionRates? Rates { get; }

    /// <summary>The limits, which may change at run time; connections that stand are kept.</summary>
    public ConnectionLimits Limits
    {
        get
        {
            lock (_lock)
                return _limits;
        }
        set
        {
            lock (_lock)
            {
                _limits = value;
                WakeLocked();
            }
        }
    }

    /// <summary>Connections counted now.</summary>
    public int Total
    {
        get
        {
            lock (_lock)
                return _total;
        }
    }

    /// <summary>Completes when there may be room for one more connection of a listener: ask again.</summary>
    internal Task WaitForRoomAsync(string listener)
    {
        lock (_lock)
        {
            if (HasRoomLocked(listener))
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Counts a connection unless its address has too many.</summary>
    internal bool TryAdd(string listener, IPAddress address, out int limit)
    {
        lock (_lock)
        {
            limit = _limits.PerIpOverrides.TryGetValue(address, out var special) ? special : _limits.MaxConnectionsPerIp;
            var count = _perAddress.GetValueOrDefault(address);
            if (count >= limit)
                return false;
            _perAddress[address] = count + 1;
            _perListener[listener] = _perListener.GetValueOrDefault(listener) + 1;
            _total++;
            return true;
        }
    }

    internal void Remove(string listener, IPAddress address)
    {
        lock (_lock)
        {
            _perListener[listener]--;
            var count = _perAddress[address] - 1;
            if (count == 0)
                _perAddress.Remove(address);
            else
                _perAddress[address] = count;
            _total--;
            WakeLocked();
        }
    }

    private void WakeLocked()
    {
        if (_room is not null && _total < _limits.MaxConnections)
        {
            _room.TrySetResult();
            _room = null;
        }
    }

    private bool HasRoomLocked(string listener) =>
        _total < _limits.MaxConnections
        && (!_limits.PerListener.TryGetValue(listener, out var limit) || _perListener.GetValueOrDefault(listener) < limit);
}
