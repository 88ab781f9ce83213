namespace Barnabas.Client.Producer;

/// <summary>
/// What the codec has made of a topic's batches lately, as Kafka estimates it: quick to believe in worse ratios, slow
/// to believe in better ones. Read by many threads, written by the sending loop.
/// </summary>
internal sealed class CompressionRatio
{
    private const double WorseStep = 0.05;
    private const double BetterStep = 0.005;
    private const double Caution = 1.05;
    private double _ratio = 1;

    /// <summary>The ratio to reckon with.</summary>
    public double Estimate => Volatile.Read(ref _ratio) * Caution;

    public void Observe(double observed)
    {
        var current = _ratio;
        Volatile.Write(ref _ratio, observed > current ? Math.Max(current + WorseStep, observed) : Math.Max(current - BetterStep, observed));
    }

    /// <summary>A batch proved too large: believe in no compression.</summary>
    public void Reset(double observed) => Volatile.Write(ref _ratio, Math.Max(1, observed));
}
