namespace Barnabas.Fms.Drill;

/// <summary>
/// Counts readings by device and time. A device speaks at every step of its clock, so from its first to its last reading a
/// step without one was lost. For one thread; no clock of its own.
/// </summary>
internal sealed class DeliveryCount(long intervalMs, long untilMs)
{
    private readonly Dictionary<int, Dictionary<long, int>> _devices = [];

    /// <summary>Readings that came, each counted once.</summary>
    public long Once { get; private set; }

    /// <summary>How often a reading came again.</summary>
    public long Again { get; private set; }

    public IEnumerable<int> Devices => _devices.Keys.Order();

    /// <summary>Counts a reading; what is later than the time given does not count.</summary>
    public void Add(int device, long timeMs)
    {
        if (timeMs > untilMs)
            return;
        if (!_devices.TryGetValue(device, out var times))
            _devices[device] = times = [];
        if (times.TryAdd(timeMs, 1))
        {
            Once++;
            return;
        }

        times[timeMs]++;
        Again++;
    }

    public bool Has(int device, long timeMs) => _devices.TryGetValue(device, out var times) && times.ContainsKey(timeMs);

    /// <summary>The first reading of a device, in milliseconds since 1970; null without one.</summary>
    public long? First(int device) => _devices.TryGetValue(device, out var times) ? times.Keys.Min() : null;

    /// <summary>The steps from a device's first reading elsewhere to the end for which none is here: what was lost.</summary>
    public IReadOnlyList<long> Missing(int device, long firstMs)
    {
        var missing = new List<long>();
        for (var time = firstMs; time <= untilMs; time += intervalMs)
            if (!Has(device, time))
                missing.Add(time);
        return missing;
    }
}
