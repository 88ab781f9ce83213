using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Producer;

internal static partial class ProducerLog
{
    [LoggerMessage(100, LogLevel.Debug, "Producer has id {ProducerId} with epoch {Epoch}; batches carry sequence numbers from now on.")]
    public static partial void ProducerIdObtained(ILogger logger, long producerId, short epoch);

    [LoggerMessage(101, LogLevel.Warning, "No producer id yet ({Reason}); trying again after a pause, records wait.")]
    public static partial void ProducerIdFailed(ILogger logger, string reason);

    [LoggerMessage(102, LogLevel.Warning, "{Partition}: produce of {Records} records answers {Error}; sending them again after a pause, attempt {Attempt}.")]
    public static partial void Retrying(ILogger logger, TopicPartition partition, int records, ErrorCode error, int attempt);

    [LoggerMessage(103, LogLevel.Warning, "{Partition}: a batch of {Records} records is too large for the node; it is sent as {Batches} smaller ones.")]
    public static partial void Split(ILogger logger, TopicPartition partition, int records, int batches);

    [LoggerMessage(104, LogLevel.Information, "{Partition}: sequence numbers start again at 0 under producer id {ProducerId}, epoch {Epoch}.")]
    public static partial void SequencesRestarted(ILogger logger, TopicPartition partition, long producerId, short epoch);

    [LoggerMessage(105, LogLevel.Error, "The sending loop failed; everything that waits fails with it.")]
    public static partial void LoopFailed(ILogger logger, Exception error);

    [LoggerMessage(106, LogLevel.Error, "A delivery handler threw; the other records are told all the same.")]
    public static partial void HandlerFailed(ILogger logger, Exception error);

    [LoggerMessage(108, LogLevel.Warning, "Transactional id {TransactionalId}: {Reason} {Consequence}.")]
    public static partial void TransactionFailed(ILogger logger, string transactionalId, string reason, string consequence);

    [LoggerMessage(107, LogLevel.Debug, "Node {NodeId} cannot be reached: {Reason}. Its records wait.")]
    public static partial void NodeUnreachable(ILogger logger, int nodeId, string reason);
}
