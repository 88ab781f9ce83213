using Barnabas.Protocol;

namespace Barnabas.Client.Consumer;

/// <summary>A record's key or value could not be deserialized (Kafka's RecordDeserializationException). The inner exception says why.</summary>
public sealed class RecordDeserializationException(TopicPartition partition, long offset, string part, Exception inner)
    : Exception($"Error deserializing {part} for partition {partition} at offset {offset}. If needed, please seek past the record to continue consumption.", inner)
{
    /// <summary>Where the record is.</summary>
    public TopicPartition Partition { get; } = partition;

    /// <summary>Which record it is.</summary>
    public long Offset { get; } = offset;
}

/// <summary>Partitions have no offset to start from, and <c>auto.offset.reset</c> is none.</summary>
public sealed class NoOffsetForPartitionException(IReadOnlyCollection<TopicPartition> partitions)
    : KafkaException(ErrorCode.OffsetOutOfRange, $"Undefined offset with no reset policy for partitions: [{string.Join(", ", partitions)}]")
{
    /// <summary>Which.</summary>
    public IReadOnlyCollection<TopicPartition> Partitions { get; } = partitions;
}

/// <summary>Positions lie outside what the log holds, and <c>auto.offset.reset</c> is none.</summary>
public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset)
    : KafkaException(ErrorCode.OffsetOutOfRange, $"Fetch position {offset} is out of range for partition {partition}, and no reset policy is configured")
{
    /// <summary>Where.</summary>
    public TopicPartition Partition { get; } = partition;

    /// <summary>The position.</summary>
    public long Offset { get; } = offset;
}

/// <summary>The log was truncated below the position (KIP-320), and <c>auto.offset.reset</c> is none.</summary>
public sealed class LogTruncationException(TopicPartition partition, long position, long divergentOffset)
    : KafkaException(ErrorCode.OffsetOutOfRange, $"Detected truncated partition {partition}: the position {position} is past {divergentOffset}, where the logs diverge, and no reset policy is configured")
{
    /// <summary>Where.</summary>
    public TopicPartition Partition { get; } = partition;

    /// <summary>The first offset that differs from what was read.</summary>
    public long DivergentOffset { get; } = divergentOffset;
}

/// <summary>A commit came too late: the group went on without this member.</summary>
public sealed class CommitFailedException(ErrorCode code)
    : KafkaException(code, "Offset commit cannot be completed since the consumer is not part of an active group for auto partition assignment; it is likely that the consumer was kicked out of the group.");
