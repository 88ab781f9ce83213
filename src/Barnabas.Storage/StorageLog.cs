using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Storage;

/// <summary>Everything the storage layer tells an operator.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(1, LogLevel.Error, "Log directory {Directory} failed ({What}). Barnabas takes it offline: its partitions answer KAFKA_STORAGE_ERROR until a restart with a working disk; the other directories go on.")]
    public static partial void DirectoryOffline(ILogger logger, string directory, string what, Exception cause);

    [LoggerMessage(2, LogLevel.Error, "Background work of the storage layer failed. It is tried again at its next turn.")]
    public static partial void BackgroundWorkFailed(ILogger logger, Exception cause);

    [LoggerMessage(3, LogLevel.Information, "Loaded log {Partition} with {Segments} segments, log start offset {LogStartOffset} and log end offset {LogEndOffset}.")]
    public static partial void Loaded(ILogger logger, TopicPartition partition, int segments, long logStartOffset, long logEndOffset);

    [LoggerMessage(4, LogLevel.Information, "Recovering segment {Segment} of {Partition}: its batches are checked and its indexes rebuilt.")]
    public static partial void RecoveringSegment(ILogger logger, TopicPartition partition, string segment);

    [LoggerMessage(5, LogLevel.Warning, "Found {Bytes} bytes after offset {Offset} in {Segment} of {Partition} that are no valid batches (a torn write). They are cut off.")]
    public static partial void TornTail(ILogger logger, TopicPartition partition, string segment, int bytes, long offset);

    [LoggerMessage(6, LogLevel.Warning, "Segment {Segment} of {Partition} does not follow offset {Offset}: it and those after it are deleted.")]
    public static partial void SegmentDoesNotFollow(ILogger logger, TopicPartition partition, string segment, long offset);

    [LoggerMessage(7, LogLevel.Warning, "Index of {Segment} of {Partition} cannot be used ({Reason}). It is rebuilt from the log.")]
    public static partial void IndexRebuilt(ILogger logger, TopicPartition partition, string segment, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Leader epoch checkpoint of {Partition} cannot be used ({Reason}). It is rebuilt from the log.")]
    public static partial void EpochsRebuilt(ILogger logger, TopicPartition partition, string reason);

    [LoggerMessage(9, LogLevel.Information, "Rolled {Partition} to a new segment at offset {Offset}.")]
    public static partial void Rolled(ILogger logger, TopicPartition partition, long offset);

    [LoggerMessage(10, LogLevel.Information, "Deleting {Segments} segments of {Partition} below offset {Offset}: {Reason}.")]
    public static partial void DeletingSegments(ILogger logger, TopicPartition partition, int segments, long offset, string reason);

    [LoggerMessage(11, LogLevel.Information, "Truncated {Partition} to offset {Offset}.")]
    public static partial void Truncated(ILogger logger, TopicPartition partition, long offset);

    [LoggerMessage(12, LogLevel.Information, "Log start offset of {Partition} moved to {Offset}: {Reason}.")]
    public static partial void LogStartOffsetMoved(ILogger logger, TopicPartition partition, long offset, string reason);

    [LoggerMessage(13, LogLevel.Information, "Log {Partition} in {Directory} is renamed for deletion; its files go in {DelayMs} ms.")]
    public static partial void LogDeleted(ILogger logger, TopicPartition partition, string directory, long delayMs);

    [LoggerMessage(14, LogLevel.Warning, "All segments of {Partition} end at {LogEndOffset}, before the log start offset {LogStartOffset}. They are deleted and the log begins anew there.")]
    public static partial void LogEndsBeforeStart(ILogger logger, TopicPartition partition, long logEndOffset, long logStartOffset);

    [LoggerMessage(15, LogLevel.Information, "Log directory {Directory}: loaded {Count} logs in {ElapsedMs} ms after a {Kind} stop.")]
    public static partial void DirectoryLoaded(ILogger logger, string directory, int count, long elapsedMs, string kind);

    [LoggerMessage(16, LogLevel.Error, "Log {Partition} in {Directory} cannot be loaded. Barnabas takes the log directory offline.")]
    public static partial void LoadFailed(ILogger logger, string partition, string directory, Exception cause);

    [LoggerMessage(17, LogLevel.Warning, "Checkpoint {Path} is damaged ({Reason}). Barnabas goes on as if it were empty; recovery reads more.")]
    public static partial void CheckpointDamaged(ILogger logger, string path, string reason);

    [LoggerMessage(18, LogLevel.Warning, "Log {Partition} in {Directory} belongs to no topic of this cluster. It is renamed to a stray folder and kept.")]
    public static partial void Stray(ILogger logger, TopicPartition partition, string directory);

    [LoggerMessage(19, LogLevel.Information, "Created log {Partition} in {Directory}.")]
    public static partial void Created(ILogger logger, TopicPartition partition, string directory);

    [LoggerMessage(20, LogLevel.Information, "Log {Partition} is being moved from {Source} to {Destination}: it is served from where it is while a copy grows.")]
    public static partial void MoveBegun(ILogger logger, TopicPartition partition, string source, string destination);

    [LoggerMessage(21, LogLevel.Information, "Log {Partition} was moved from {Source} to {Destination}.")]
    public static partial void MoveDone(ILogger logger, TopicPartition partition, string source, string destination);

    [LoggerMessage(31, LogLevel.Information, "Compacted {Partition} up to offset {EndOffset} in {ElapsedMs} ms: {BytesRead} bytes became {BytesWritten}, {RecordsRead} records became {RecordsKept}.")]
    public static partial void Cleaned(ILogger logger, TopicPartition partition, long endOffset, long bytesRead, long bytesWritten, long recordsRead, long recordsKept, long elapsedMs);

    [LoggerMessage(32, LogLevel.Error, "Log {Partition} cannot be compacted. It is served as it is and left out of compaction until the next start.")]
    public static partial void Uncleanable(ILogger logger, TopicPartition partition, Exception cause);
}
