namespace Barnabas.Client.Consumer.Sharing;

/// <summary>What is to be said of records, by partition and offset.</summary>
internal sealed class Acknowledgements
{
    /// <summary>There is no record at that offset.</summary>
    public const sbyte Gap = 0;

    private readonly Dictionary<SharedPartition, SortedDictionary<long, sbyte>> _partitions = [];

    public bool IsEmpty => _partitions.Count == 0;

    /// <summary>Whether any asks for more time, which a request has to say up front.</summary>
    public bool HasRenewals { get; private set; }

    public IEnumerable<SharedPartition> Partitions => _partitions.Keys;

    public void Add(SharedPartition partition, long offset, sbyte type)
    {
        if (!_partitions.TryGetValue(partition, out var offsets)) _partitions[partition] = offsets = [];
        offsets[offset] = type;
        HasRenewals |= type == (sbyte)AcknowledgeType.Renew;
    }

    /// <summary>The offsets of a partition, without those that are nothing but gaps to the caller.</summary>
    public IReadOnlyList<long> Offsets(SharedPartition partition) =>
        _partitions.TryGetValue(partition, out var offsets) ? [.. offsets.Where(static one => one.Value != Gap).Select(static one => one.Key)] : [];

    /// <summary>Runs of offsets, with a type for each or one for all.</summary>
    public IEnumerable<(long First, long Last, List<sbyte> Types)> Batches(SharedPartition partition)
    {
        if (!_partitions.TryGetValue(partition, out var offsets)) yield break;
        var types = new List<sbyte>();
        var first = 0L;
        foreach (var (offset, type) in offsets)
        {
            if (types.Count > 0 && offset != first + types.Count)
            {
                yield return Batch(first, types);
                types = [];
            }

            if (types.Count == 0) first = offset;
            types.Add(type);
        }

        if (types.Count > 0) yield return Batch(first, types);
    }

    private static (long First, long Last, List<sbyte> Types) Batch(long first, List<sbyte> types) =>
        (first, first + types.Count - 1, types.TrueForAll(type => type == types[0]) ? [types[0]] : types);
}
