using System.Collections.Concurrent;
using Barnabas.Metadata.Image;
using Barnabas.Transport.Quotas;

namespace Barnabas.Broker.Quotas;

/// <summary>
/// Counts what clients use of one thing against their quotas, and tells for how long one that used too much is to be held back.
/// Nothing is counted for clients without a quota. Safe from any thread; <see cref="Apply"/> is the metadata publisher's.
/// </summary>
internal sealed class ClientQuotaManager(string key, QuotaWindow window, TimeProvider time, long maxThrottleMs = int.MaxValue)
{
    private const int MaxSensors = 20_000;

    private readonly ConcurrentDictionary<(string User, string ClientId), Sensor> _sensors = new();
    private readonly Sensor _overflow = new(window);
    private volatile QuotaTable _table = new(ClientQuotasImage.Empty, key);

    /// <summary>Whether anybody has such a quota.</summary>
    public bool IsEnabled => !_table.IsEmpty;

    /// <summary>Clients counted now.</summary>
    public int SensorCount => _sensors.Count;

    public void Apply(ClientQuotasImage image) => _table = new QuotaTable(image, key);

    /// <summary>Counts and tells how many milliseconds the client is to be held back, 0 within its quota.</summary>
    public int RecordAndGetThrottleMs(string user, string clientId, double value)
    {
        if (_table.IsEmpty)
            return 0;
        var match = _table.Find(user, clientId);
        if (match.IsUnlimited)
            return 0;
        var sensor = SensorOf(match);
        lock (sensor)
        {
            var now = Now();
            sensor.Rate.Record(value, now);
            return (int)Math.Min(maxThrottleMs, sensor.Rate.ThrottleMs(match.Limit, now));
        }
    }

    /// <summary>Counts without asking; a negative value takes back what was counted for something not done.</summary>
    public void Record(string user, string clientId, double value)
    {
        if (_table.IsEmpty || _table.Find(user, clientId) is not { IsUnlimited: false } match)
            return;
        var sensor = SensorOf(match);
        lock (sensor)
            sensor.Rate.Record(value, Now());
    }

    /// <summary>The most that can be used at once without being held back for certain; infinite without a quota.</summary>
    public double MaxInWindow(string user, string clientId)
    {
        if (_table.IsEmpty)
            return double.PositiveInfinity;
        var match = _table.Find(user, clientId);
        return match.Limit * Math.Max(1, window.Samples - 1) * window.Size.TotalSeconds;
    }

    private long Now() => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    private Sensor SensorOf(QuotaMatch match)
    {
        var name = (match.User, match.ClientId);
        if (_sensors.TryGetValue(name, out var sensor))
            return sensor;
        if (_sensors.Count >= MaxSensors)
            Forget();
        // Client ids are the clients' own invention: past the limit all new ones share one count.
        return _sensors.Count >= MaxSensors ? _overflow : _sensors.GetOrAdd(name, static (_, w) => new Sensor(w), window);
    }

    /// <summary>Drops who used nothing for a whole window: their rate is 0 as it would be anew.</summary>
    private void Forget()
    {
        var span = (long)(window.Samples * window.Size.TotalMilliseconds);
        foreach (var (name, sensor) in _sensors)
        {
            bool isOld;
            lock (sensor)
                isOld = Now() - sensor.Rate.LastRecordedMs > span;
            if (isOld)
                _sensors.TryRemove(name, out _);
        }
    }

    private sealed class Sensor(QuotaWindow window)
    {
        public SampledRate Rate { get; } = new(window.Samples, (long)window.Size.TotalMilliseconds);
    }
}

/// <summary>Over what a quota's rate is taken.</summary>
/// <param name="Samples">Samples kept.</param>
/// <param name="Size">What one spans.</param>
internal readonly record struct QuotaWindow(int Samples, TimeSpan Size);
