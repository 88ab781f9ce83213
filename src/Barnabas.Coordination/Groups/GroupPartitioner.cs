namespace Barnabas.Coordination.Groups;

/// <summary>Which partition of the coordinator's topic a key belongs to. Kafka's rule, so that directories can be exchanged.</summary>
public static class GroupPartitioner
{
    /// <summary>Java's <c>String.hashCode</c>, made non-negative as Kafka does, modulo <paramref name="partitionCount"/>.</summary>
    public static int PartitionFor(string key, int partitionCount)
    {
        var hash = 0;
        foreach (var c in key)
            hash = unchecked((31 * hash) + c);
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitionCount;
    }
}
