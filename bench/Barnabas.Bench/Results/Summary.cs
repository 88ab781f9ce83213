namespace Barnabas.Bench.Results;

/// <summary>The median of the rounds and how far they lie apart.</summary>
internal sealed record Summary(double Median, double Smallest, double Largest)
{
    /// <summary>Half the distance between the extremes, as a part of the median.</summary>
    public double Spread => Median == 0 ? 0 : (Largest - Smallest) / 2 / Median;

    public static Summary? Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
            return null;
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        var median = sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(median, sorted[0], sorted[^1]);
    }
}
