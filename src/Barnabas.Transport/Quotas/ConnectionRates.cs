using System.Net;

namespace Barnabas.Transport.Quotas;

/// <summary>Counts how fast connections come, in all, by listener and by address. Safe from any thread.</summary>
public sealed class ConnectionRates(int samples, TimeSpan window, TimeProvider time)
{
    private const int MaxAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly long _windowMs = (long)window.TotalMilliseconds;
    private readonly Dictionary<string, SampledRate> _listeners = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, SampledRate> _addresses = [];
    private readonly SampledRate _node = new(samples, (long)window.TotalMilliseconds);
    private volatile ConnectionRateLimits _limits = ConnectionRateLimits.None;

    /// <summary>The limits, which may change at run time.</summary>
    public ConnectionRateLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }

    /// <summary>Counts a connection on a listener.</summary>
    /// <returns>How long the listener waits before it serves it, at most one window.</returns>
    internal TimeSpan Accepted(string listener)
    {
        var limits = _limits;
        var listenerLimit = limits.Of(listener);
        if (double.IsPositiveInfinity(limits.Node) && double.IsPositiveInfinity(listenerLimit))
            return TimeSpan.Zero;
        lock (_lock)
        {
            var now = Now();
            if (!_listeners.TryGetValue(listener, out var rate))
                _listeners[listener] = rate = new SampledRate(samples, _windowMs);
            return TimeSpan.FromMilliseconds(Math.Max(Record(_node, limits.Node, now), Record(rate, listenerLimit, now)));
        }
    }

    /// <summary>Counts a connection from an address, unless it has too many already.</summary>
    /// <returns>How long it is held before it is closed; zero when it is welcome.</returns>
    internal TimeSpan Accepted(IPAddress address)
    {
        var limit = _limits.Of(address);
        if (double.IsPositiveInfinity(limit))
            return TimeSpan.Zero;
        lock (_lock)
        {
            var now = Now();
            if (!_addresses.TryGetValue(address, out var rate))
            {
                if (_addresses.Count >= MaxAddresses)
                    Forget(now);
                // With so many addresses at once each is new to us: they are let in, as their first connection would be.
                if (_addresses.Count >= MaxAddresses)
                    return TimeSpan.Zero;
                _addresses[address] = rate = new SampledRate(samples, _windowMs);
            }
            var throttle = Record(rate, limit, now);
            if (throttle > 0)
                rate.Record(-1, now);
            return TimeSpan.FromMilliseconds(throttle);
        }
    }

    private long Now() => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    private long Record(SampledRate rate, double limit, long now)
    {
        rate.Record(1, now);
        return double.IsPositiveInfinity(limit) ? 0 : Math.Min(_windowMs, rate.ThrottleMs(limit, now));
    }

    private void Forget(long now)
    {
        foreach (var (address, rate) in _addresses)
        {
            if (now - rate.LastRecordedMs > samples * _windowMs)
                _addresses.Remove(address);
        }
    }
}
