namespace Barnabas.Fms.Figures;

/// <summary>Counts delays by the millisecond up to a minute; longer ones count as a minute. For one thread.</summary>
internal sealed class LatencyHistogram
{
    private const int MostMs = 60_000;

    private readonly long[] _counts = new long[MostMs + 1];

    public long Count { get; private set; }

    public long Largest { get; private set; }

    public void Add(long milliseconds)
    {
        _counts[Math.Clamp(milliseconds, 0, MostMs)]++;
        Count++;
        Largest = Math.Max(Largest, milliseconds);
    }

    /// <summary>The delay that this share of all is not above, in milliseconds; 0 where there is none.</summary>
    public long Percentile(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var ms = 0; ms <= MostMs && left > 0; ms++)
            if ((left -= _counts[ms]) <= 0)
                return ms;
        return 0;
    }
}
