using Barnabas.Client.Metadata;

namespace Barnabas.Client.Producer;

/// <summary>Chooses partitions for records that name none. One instance serves all threads at once.</summary>
public interface IPartitioner
{
    /// <summary>The number of the partition.</summary>
    /// <param name="topic">The topic and its partitions.</param>
    /// <param name="hasKey">Whether the record has a key.</param>
    /// <param name="key">The serialized key.</param>
    /// <param name="value">The serialized value; empty when there is none.</param>
    int Partition(TopicMetadata topic, bool hasKey, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
}
