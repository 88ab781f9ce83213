using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

/// <summary>A record to produce.</summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <typeparam name="TValue">The type of the value.</typeparam>
/// <param name="Topic">Where it goes.</param>
/// <param name="Key">The key; the serializer decides what stands for null.</param>
/// <param name="Value">The value; the serializer decides what stands for null.</param>
public readonly record struct ProducerRecord<TKey, TValue>(string Topic, TKey Key, TValue Value)
{
    /// <summary>The partition; null lets the partitioner choose.</summary>
    public int? Partition { get; init; }

    /// <summary>In milliseconds since 1970; null stands for now.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Headers in order; not to be changed before the record is taken into a batch.</summary>
    public IReadOnlyList<RecordHeader>? Headers { get; init; }
}
