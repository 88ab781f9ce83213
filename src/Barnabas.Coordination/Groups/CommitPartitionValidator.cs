using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups;

/// <summary>Throws the error a member's commit for one partition deserves, if any: a commit in an earlier epoch counts where the partition was the member's by then (KIP-1251).</summary>
/// <exception cref="KafkaException">The error, of the whole request.</exception>
internal delegate void CommitPartitionValidator(string topic, Uuid topicId, int partition);
