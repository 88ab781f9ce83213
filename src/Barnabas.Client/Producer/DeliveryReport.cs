using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

/// <summary>Where a record was stored.</summary>
/// <param name="TopicPartition">The partition.</param>
/// <param name="Offset">The offset; -1 when the node does not tell (acks=0, or a duplicate whose first answer was lost) and for failures.</param>
/// <param name="Timestamp">The timestamp that was stored, in milliseconds since 1970.</param>
/// <param name="SerializedKeyBytes">The size of the key, -1 for none.</param>
/// <param name="SerializedValueBytes">The size of the value, -1 for none.</param>
public readonly record struct DeliveryReport(
    TopicPartition TopicPartition, long Offset, long Timestamp, int SerializedKeyBytes, int SerializedValueBytes);
