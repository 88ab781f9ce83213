using Barnabas.Protocol;

namespace Barnabas.Client.Metadata;

/// <summary>One topic as a node sees it. Immutable.</summary>
public sealed record TopicMetadata
{
    /// <summary>The topic's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its id, <see cref="Uuid.Zero"/> from nodes that have none.</summary>
    public required Uuid TopicId { get; init; }

    /// <summary>Why there are no partitions, or <see cref="ErrorCode.None"/>.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>Whether Kafka itself writes it, like <c>__consumer_offsets</c>.</summary>
    public bool IsInternal { get; init; }

    /// <summary>The partitions in the order of their numbers.</summary>
    public required IReadOnlyList<PartitionMetadata> Partitions { get; init; }

    /// <summary>What the asker may do (a bit per operation), or int.MinValue when it was not asked for.</summary>
    public int AuthorizedOperations { get; init; } = int.MinValue;

    /// <summary>Finds a partition by number.</summary>
    public PartitionMetadata? Find(int partition)
    {
        if ((uint)partition < (uint)Partitions.Count && Partitions[partition].Partition == partition) return Partitions[partition];
        foreach (var candidate in Partitions)
        {
            if (candidate.Partition == partition) return candidate;
        }

        return null;
    }
}
