using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Consumer;

/// <summary>One record as a consumer gets it.</summary>
/// <typeparam name="TKey">The type of its key.</typeparam>
/// <typeparam name="TValue">The type of its value.</typeparam>
public readonly struct ConsumeResult<TKey, TValue>
{
    private readonly TKey _key;
    private readonly TValue _value;

    internal ConsumeResult(TopicPartition partition, in RecordView record, TimestampType timestampType, int leaderEpoch, TKey key, TValue value, RecordDeserializationException? error)
    {
        TopicPartition = partition;
        Offset = record.Offset;
        Timestamp = record.Timestamp;
        TimestampType = timestampType;
        LeaderEpoch = leaderEpoch;
        KeySizeInBytes = record.KeySizeInBytes;
        ValueSizeInBytes = record.ValueSizeInBytes;
        Headers = record.HeaderCount == 0 ? [] : record.Headers.ToArray();
        _key = key;
        _value = value;
        Error = error;
    }

    /// <summary>Where it comes from.</summary>
    public TopicPartition TopicPartition { get; }

    /// <summary>The topic.</summary>
    public string Topic => TopicPartition.Topic;

    /// <summary>The partition's number.</summary>
    public int Partition => TopicPartition.Partition;

    /// <summary>Its offset.</summary>
    public long Offset { get; }

    /// <summary>In milliseconds since 1970, or -1.</summary>
    public long Timestamp { get; }

    /// <summary>Who set the timestamp.</summary>
    public TimestampType TimestampType { get; }

    /// <summary>The epoch of the leader that appended it, -1 when not known.</summary>
    public int LeaderEpoch { get; }

    /// <summary>The size of the key as it was stored, -1 for none.</summary>
    public int KeySizeInBytes { get; }

    /// <summary>The size of the value as it was stored, -1 for none.</summary>
    public int ValueSizeInBytes { get; }

    /// <summary>Its headers, in order.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; }

    /// <summary>Why key or value could not be deserialized; null when they could.</summary>
    public RecordDeserializationException? Error { get; }

    /// <summary>The key.</summary>
    /// <exception cref="RecordDeserializationException">It could not be deserialized.</exception>
    public TKey Key => Error is null ? _key : throw Error;

    /// <summary>The value.</summary>
    /// <exception cref="RecordDeserializationException">It could not be deserialized.</exception>
    public TValue Value => Error is null ? _value : throw Error;
}
