namespace Barnabas.Coordination.Groups;

/// <summary>The order in which Apache Kafka lists groups and members: that of its hash tables, which tools and tests have come to show.</summary>
internal static class KafkaOrder
{
    private const long FibonacciHashFactor = -7046029254386353131;

    /// <summary>Where the name stands; a table of any size sorts by the upper bits of this.</summary>
    public static ulong Of(string name)
    {
        var hash = 0;
        foreach (var unit in name)
            hash = unchecked((31 * hash) + unit);
        return unchecked((ulong)(hash * FibonacciHashFactor));
    }
}
