using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

/// <summary>A record was not delivered, for the reason of the inner exception.</summary>
public sealed class ProduceException(TopicPartition partition, KafkaException reason)
    : KafkaException(reason.ErrorCode, reason.Message, reason)
{
    /// <summary>Where it should have gone.</summary>
    public TopicPartition TopicPartition { get; } = partition;
}
