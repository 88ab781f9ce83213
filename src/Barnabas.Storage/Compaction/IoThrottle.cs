namespace Barnabas.Storage.Compaction;

/// <summary>Keeps all cleaner threads together below a rate of bytes (log.cleaner.io.max.bytes.per.second) by holding their threads.</summary>
internal sealed class IoThrottle(TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private long _periodStart = time.GetTimestamp();
    private double _bytes;
    private double _maxBytesPerSecond = double.MaxValue;

    public double MaxBytesPerSecond
    {
        set
        {
            lock (_lock)
                _maxBytesPerSecond = value;
        }
    }

    /// <summary>Counts bytes and waits as long as they came too fast.</summary>
    public void Count(int bytes, CancellationToken stopping)
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (_maxBytesPerSecond >= double.MaxValue)
                return;
            _bytes += bytes;
            var elapsed = time.GetElapsedTime(_periodStart);
            if (elapsed < CheckInterval)
                return;
            wait = TimeSpan.FromSeconds(Math.Min(60, Math.Max(0, (_bytes / _maxBytesPerSecond) - elapsed.TotalSeconds)));
            _bytes = 0;
            _periodStart = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
        }
        if (wait <= TimeSpan.Zero)
            return;
        using var over = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        either.Token.WaitHandle.WaitOne();
    }
}
