namespace Barnabas.Fms.Drill;

/// <summary>
/// Counts readings by device and time. A device speaks at every step of its clock, so that what should have come is known
/// without looking at what came. For one thread; no clock of its own.
/// </summary>
internal sealed class DeliveryCount(long intervalMs, long untilMs)
{
    private readonly Dictionary<int, Dictionary<long, int>> _devices = [];

    /// <summary>Readings that came, each counted once.</summary>
    public long Once { get; private set; }

    /// <summary>How often a reading came again.</summary>
    public long Again { get; private set; }

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

    /// <summary>The steps of a device's clock after a time, up to the end, for which no reading is here: what was lost.</summary>
    public IReadOnlyList<long> Missing(int device, long afterMs)
    {
        var missing = new List<long>();
        for (var time = ((afterMs / intervalMs) + 1) * intervalMs; time <= untilMs; time += intervalMs)
            if (!Has(device, time))
                missing.Add(time);
        return missing;
    }

    private bool Has(int device, long timeMs) => _devices.TryGetValue(device, out var times) && times.ContainsKey(timeMs);
}
