namespace Barnabas.Protocol;

/// <summary>A partition of a topic that is told from others of the same name by its id.</summary>
/// <param name="TopicId">The topic's id.</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition's number, from 0.</param>
public readonly record struct TopicIdPartition(Uuid TopicId, string Topic, int Partition)
{
    /// <summary>The same without the id.</summary>
    public TopicPartition TopicPartition => new(Topic, Partition);

    /// <inheritdoc/>
    public override string ToString() => $"{TopicId}:{Topic}-{Partition}";
}
