namespace Barnabas.Transport.Quotas;

/// <summary>
/// A rate over a sliding window made of samples, counted as Kafka counts its quotas: a sample spans one window, the oldest goes
/// when its turn comes round, and a young rate is taken over all windows but one. Not thread-safe.
/// </summary>
public sealed class SampledRate
{
    private readonly long _windowMs;
    private readonly long[] _starts;
    private readonly double[] _values;
    private int _current;
    private int _count;

    /// <summary>Creates a rate of nothing.</summary>
    /// <param name="samples">Samples kept (quota.window.num).</param>
    /// <param name="windowMs">Milliseconds that one sample spans (quota.window.size.seconds).</param>
    public SampledRate(int samples, long windowMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowMs, 1);
        _windowMs = windowMs;
        _starts = new long[samples];
        _values = new double[samples];
    }

    /// <summary>When something was last counted; 0 for never.</summary>
    public long LastRecordedMs { get; private set; }

    /// <summary>Counts a value, which may be negative to take one back.</summary>
    public void Record(double value, long nowMs)
    {
        LastRecordedMs = nowMs;
        if (_count == 0)
        {
            _starts[0] = nowMs;
            _count = 1;
        }
        else if (nowMs - _starts[_current] >= _windowMs)
        {
            _current = (_current + 1) % _starts.Length;
            _count = Math.Min(_count + 1, _starts.Length);
            _starts[_current] = nowMs;
            _values[_current] = 0;
        }
        _values[_current] += value;
    }

    /// <summary>Units a second over the window that ends now.</summary>
    public double Rate(long nowMs) => Total(nowMs) * 1000 / WindowMs(nowMs);

    /// <summary>
    /// Milliseconds until the rate has come down to a limit if nothing more is counted, 0 when it is not above:
    /// (observed - limit) / limit * window.
    /// </summary>
    public long ThrottleMs(double limit, long nowMs)
    {
        var rate = Rate(nowMs);
        return rate <= limit ? 0 : (long)Math.Min(int.MaxValue, Math.Round((rate - limit) / limit * WindowMs(nowMs), MidpointRounding.AwayFromZero));
    }

    private double Total(long nowMs)
    {
        var total = 0.0;
        for (var i = 0; i < _count; i++)
        {
            if (IsLive(i, nowMs))
                total += _values[i];
        }
        return total;
    }

    private long WindowMs(long nowMs)
    {
        var oldest = nowMs;
        for (var i = 0; i < _count; i++)
        {
            if (IsLive(i, nowMs))
                oldest = Math.Min(oldest, _starts[i]);
        }
        var elapsed = nowMs - oldest;
        var missing = _starts.Length - 1 - (elapsed / _windowMs);
        return Math.Max(_windowMs, elapsed + (Math.Max(0, missing) * _windowMs));
    }

    private bool IsLive(int sample, long nowMs) => nowMs - _starts[sample] < _starts.Length * _windowMs;
}
