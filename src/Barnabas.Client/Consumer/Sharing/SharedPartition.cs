using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Sharing;

/// <summary>A partition with its topic's id, by which share groups speak of it.</summary>
internal readonly record struct SharedPartition(Uuid TopicId, TopicPartition Partition);
