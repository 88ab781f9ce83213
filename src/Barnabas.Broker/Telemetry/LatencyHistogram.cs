using System.Numerics;

namespace Barnabas.Broker.Telemetry;

/// <summary>
/// Durations in buckets of microseconds, eight to each power of two. Recording is one interlocked add; percentiles are those of the last
/// minute or two. Safe from any thread.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 3;
    private const int Buckets = 40 << SubBits;

    private readonly Lock _lock = new();
    private long[] _current = new long[Buckets];
    private long[] _previous = new long[Buckets];
    private readonly long[] _older = new long[Buckets];
    private long _rotated;

    public void Record(long microseconds) => Interlocked.Increment(ref Volatile.Read(ref _current)[BucketOf(microseconds)]);

    /// <summary>All that was recorded, and percentiles of what was lately.</summary>
    public LatencySummary Read(TimeProvider time)
    {
        lock (_lock)
        {
            Rotate(time);
            var recent = new long[Buckets];
            long count = 0;
            var sum = 0.0;
            for (var i = 0; i < Buckets; i++)
            {
                recent[i] = Volatile.Read(ref _current[i]) + _previous[i];
                count += recent[i] + _older[i];
                sum += (recent[i] + (double)_older[i]) * Middle(i);
            }
            return new LatencySummary(count, sum / 1000, Percentile(recent, 0.5), Percentile(recent, 0.75), Percentile(recent, 0.95), Percentile(recent, 0.99), Percentile(recent, 0.999));
        }
    }

    private static int BucketOf(long microseconds)
    {
        if (microseconds < 1 << SubBits)
            return (int)Math.Max(0, microseconds);
        var exponent = BitOperations.Log2((ulong)microseconds);
        var bucket = ((exponent - SubBits + 1) << SubBits) + (int)((microseconds >> (exponent - SubBits)) & ((1 << SubBits) - 1));
        return Math.Min(bucket, Buckets - 1);
    }

    private static double Middle(int bucket)
    {
        if (bucket < 1 << SubBits)
            return bucket;
        var exponent = (bucket >> SubBits) + SubBits - 1;
        var width = Math.Pow(2, exponent - SubBits);
        return Math.Pow(2, exponent) + ((bucket & ((1 << SubBits) - 1)) * width) + (width / 2);
    }

    private static double Percentile(long[] buckets, double part)
    {
        long total = 0;
        foreach (var count in buckets)
            total += count;
        if (total == 0)
            return 0;
        var rank = Math.Max(1, (long)Math.Ceiling(part * total));
        for (var i = 0; i < buckets.Length; i++)
        {
            rank -= buckets[i];
            if (rank <= 0)
                return Middle(i) / 1000;
        }
        return Middle(buckets.Length - 1) / 1000;
    }

    private void Rotate(TimeProvider time)
    {
        var now = time.GetTimestamp();
        if (_rotated == 0)
            _rotated = now;
        if (time.GetElapsedTime(_rotated, now) < TimeSpan.FromMinutes(1))
            return;
        _rotated = now;
        for (var i = 0; i < Buckets; i++)
            _older[i] += _previous[i];
        // A recording that took the array just before this still counts, in the previous minute.
        _previous = _current;
        Volatile.Write(ref _current, new long[Buckets]);
    }
}

/// <summary>What a histogram tells; times in milliseconds.</summary>
internal readonly record struct LatencySummary(long Count, double SumMs, double P50, double P75, double P95, double P99, double P999);
