using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Sharing;

/// <summary>A record that a poll returned and that is not acknowledged for good.</summary>
/// <param name="session">The session that it came by: acknowledgements go the same way.</param>
/// <param name="partition">Where it is from.</param>
/// <param name="result">The record.</param>
internal sealed class ShareDelivery<TKey, TValue>(ShareSession session, SharedPartition partition, ShareConsumeResult<TKey, TValue> result)
{
    public ShareSession Session => session;

    public SharedPartition Partition => partition;

    public ShareConsumeResult<TKey, TValue> Result => result;

    public (TopicPartition Partition, long Offset) Key => (partition.Partition, result.Record.Offset);

    /// <summary>What the caller said of it; null before. May be said again until it is sent.</summary>
    public AcknowledgeType? Type { get; set; }
}
