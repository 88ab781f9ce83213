using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Transactions;

internal static partial class TransactionCoordinatorLog
{
    [LoggerMessage(201, LogLevel.Information, "Transactional id {TransactionalId}: initialized with producer id {ProducerId} and epoch {ProducerEpoch} on {TopicPartition}.")]
    public static partial void Initialized(this ILogger logger, string transactionalId, long producerId, short producerEpoch, TopicPartition topicPartition);

    [LoggerMessage(202, LogLevel.Information, "Transactional id {TransactionalId}: a new producer begins while a transaction of epoch {ProducerEpoch} is open. The transaction is aborted and the new producer asked to come again.")]
    public static partial void Fenced(this ILogger logger, string transactionalId, short producerEpoch);

    [LoggerMessage(203, LogLevel.Information, "Transactional id {TransactionalId}: the transaction of producer {ProducerId}, open since {StartMs}, timed out after {TimeoutMs} ms. It is aborted.")]
    public static partial void TimedOut(this ILogger logger, string transactionalId, long producerId, long startMs, int timeoutMs);

    [LoggerMessage(204, LogLevel.Warning, "Transactional id {TransactionalId} is in state {State}: the request to {What} it is refused with INVALID_TXN_STATE.")]
    public static partial void InvalidTransition(this ILogger logger, string transactionalId, TransactionState state, string what);

    [LoggerMessage(205, LogLevel.Information, "{TopicPartition}: {Count} transactional ids expired without use. They are forgotten.")]
    public static partial void Expired(this ILogger logger, TopicPartition topicPartition, int count);

    [LoggerMessage(206, LogLevel.Information, "{TopicPartition}: {Count} transactions were decided and not completed. Their markers are written now.")]
    public static partial void Resuming(this ILogger logger, TopicPartition topicPartition, int count);

    [LoggerMessage(207, LogLevel.Warning, "Transactional id {TransactionalId}: the completion could not be written ({Error}). It is tried again.")]
    public static partial void CompletionDelayed(this ILogger logger, string transactionalId, ErrorCode error);

    [LoggerMessage(208, LogLevel.Information, "Transactional id {TransactionalId}: the markers of producer {ProducerId} epoch {ProducerEpoch} are another coordinator's by now. Nothing more is written.")]
    public static partial void MarkersFenced(this ILogger logger, string transactionalId, long producerId, short producerEpoch);

    [LoggerMessage(209, LogLevel.Warning, "Transactional id {TransactionalId}: the timed-out transaction could not be aborted ({Error}). It is tried again at the next round.")]
    public static partial void AbortDelayed(this ILogger logger, string transactionalId, ErrorCode error);

    [LoggerMessage(210, LogLevel.Error, "Transactional id {TransactionalId}: writing its markers broke off. They are written anew in {BackoffMs} ms.")]
    public static partial void MarkersFailed(this ILogger logger, Exception exception, string transactionalId, long backoffMs);
}
