using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Runtime;

internal static partial class CoordinatorRuntimeLog
{
    [LoggerMessage(1, LogLevel.Information, "Loading of {TopicPartition} begins at leader epoch {Epoch}: offsets {StartOffset} to {EndOffset}. Its groups answer when it is done.")]
    public static partial void LoadBegins(this ILogger logger, TopicPartition topicPartition, int epoch, long startOffset, long endOffset);

    [LoggerMessage(2, LogLevel.Information, "Loaded {TopicPartition} at leader epoch {Epoch}: {RecordCount} records, {ByteCount} bytes in {ElapsedMs} ms. Requests are answered now.")]
    public static partial void LoadEnds(this ILogger logger, TopicPartition topicPartition, int epoch, long recordCount, long byteCount, long elapsedMs);

    [LoggerMessage(3, LogLevel.Error, "Loading of {TopicPartition} at leader epoch {Epoch} failed. Its requests are refused with NOT_COORDINATOR until the partition is elected again.")]
    public static partial void LoadFailed(this ILogger logger, Exception exception, TopicPartition topicPartition, int epoch);

    [LoggerMessage(4, LogLevel.Warning, "Record at offset {Offset} of {TopicPartition} has a type this version does not know. It is kept in the log and skipped.")]
    public static partial void UnknownRecord(this ILogger logger, TopicPartition topicPartition, long offset);

    [LoggerMessage(5, LogLevel.Information, "Unloaded {TopicPartition} of leader epoch {Epoch}. Its clients are sent to look for their coordinator.")]
    public static partial void Unloaded(this ILogger logger, TopicPartition topicPartition, int epoch);

    [LoggerMessage(6, LogLevel.Warning, "Append of {ByteCount} bytes to {TopicPartition} failed with {Error}. The changes are taken back and their requests fail.")]
    public static partial void AppendFailed(this ILogger logger, Exception exception, TopicPartition topicPartition, int byteCount, ErrorCode error);

    [LoggerMessage(7, LogLevel.Error, "Append to {TopicPartition} ended at offset {ActualOffset} where {ExpectedOffset} was expected: someone else writes this log. It is replayed from the start.")]
    public static partial void UnexpectedOffset(this ILogger logger, TopicPartition topicPartition, long expectedOffset, long actualOffset);

    [LoggerMessage(8, LogLevel.Error, "A timed operation of {TopicPartition} failed. The shard goes on.")]
    public static partial void TimedOperationFailed(this ILogger logger, Exception exception, TopicPartition topicPartition);

    [LoggerMessage(9, LogLevel.Error, "An operation of {TopicPartition} failed unexpectedly. Its client gets {Error}.")]
    public static partial void OperationFailed(this ILogger logger, Exception exception, TopicPartition topicPartition, ErrorCode error);

    [LoggerMessage(10, LogLevel.Error, "An event of {TopicPartition} broke off, so its state is in doubt. It is replayed from the log.")]
    public static partial void EventFailed(this ILogger logger, Exception exception, TopicPartition topicPartition);
}
