using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

/// <summary>The transaction cannot be committed: abort it, and begin another with the same producer.</summary>
public sealed class TransactionAbortableException(KafkaException reason)
    : KafkaException(reason.ErrorCode, $"Cannot execute transactional method because we are in an error state: {reason.Message}", reason);

/// <summary>The producer is of no use any more: another has its transactional id, or the cluster refuses it. Close it.</summary>
public sealed class FatalTransactionException(KafkaException reason)
    : KafkaException(reason.ErrorCode, $"Cannot execute transactional method because we are in an error state: {reason.Message}", reason);
