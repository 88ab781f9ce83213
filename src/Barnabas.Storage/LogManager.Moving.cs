using System.Buffers.Binary;
using Barnabas.Protocol;

namespace Barnabas.Storage;

/// <content>Moves of logs between log directories (KIP-113): a copy grows in the other directory until it takes the log's place.</content>
public sealed partial class LogManager
{
    private const int MoveChunkBytes = 1024 * 1024;

    /// <summary>The copy of a partition's log in another directory, begun empty when there is none.</summary>
    /// <exception cref="KafkaStorageException">The directory is offline or fails.</exception>
    /// <exception cref="KafkaException">REPLICA_NOT_AVAILABLE: there is no log to copy.</exception>
    public UnifiedLog GetOrCreateFutureLog(TopicPartition partition, LogDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        lock (_lock)
        {
            if (_futureLogs.TryGetValue(partition, out var existing))
                return existing;
            var log = GetLog(partition) ?? throw new KafkaException(ErrorCode.ReplicaNotAvailable);
            var path = Path.Combine(directory.Path, LogFileNames.FutureDirectory(partition, _services.NextUnique()));
            var future = UnifiedLog.Open(_services, directory.State, path, partition, log.TopicId, log.Config, new LogOpenOptions());
            Register(future);
            StorageLog.MoveBegun(_services.Logger, partition, log.LogDirectory.Path, directory.Path);
            return future;
        }
    }

    /// <summary>Gives up a copy.</summary>
    public void AbandonFutureLog(TopicPartition partition)
    {
        lock (_lock)
        {
            if (_futureLogs.TryRemove(partition, out var future))
                Delete(future);
        }
    }

    /// <summary>Copies the next records.</summary>
    /// <returns>How many bytes; 0 when the copy has all there is, -1 when there is no copy.</returns>
    public int CopyToFuture(TopicPartition partition) =>
        GetLog(partition) is { } log && GetFutureLog(partition) is { } future ? Copy(log, future) : -1;

    /// <summary>Puts the copy in the log's place, with what was appended meanwhile, and deletes the log.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="replaced">Called with the new log while nothing can be appended to either.</param>
    /// <returns>Whether there was a copy.</returns>
    /// <exception cref="KafkaStorageException">A disk failed.</exception>
    public bool ReplaceWithFuture(TopicPartition partition, Action<UnifiedLog> replaced)
    {
        lock (_lock)
        {
            if (GetLog(partition) is not { } log || GetFutureLog(partition) is not { } future)
                return false;
            // The most of it is durable before appends have to wait.
            future.Flush();
            var (source, destination) = (DirectoryOf(log), DirectoryOf(future));
            var oldPath = log.Directory;
            var deleted = Path.Combine(source.Path, LogFileNames.DeleteDirectory(partition, _services.NextUnique()));
            log.HandOver(() =>
            {
                while (Copy(log, future) > 0)
                {
                }

                foreach (var entry in log.LeaderEpochs)
                {
                    if (!(future.LatestEpoch >= entry.Epoch))
                        future.AssignEpochStartOffset(entry.Epoch, entry.StartOffset);
                }

                future.Flush();
                // First the old one goes: a crash in between leaves the copy, which the next start takes up.
                log.RenameDirectory(deleted);
                try
                {
                    future.RenameDirectory(Path.Combine(destination.Path, LogFileNames.PartitionDirectory(partition)));
                }
                catch (KafkaStorageException)
                {
                    log.RenameDirectory(oldPath);
                    throw;
                }

                _futureLogs.TryRemove(partition, out _);
                _logs[partition] = future;
                replaced(future);
            });
            foreach (var directory in (LogDirectory[])[source, destination])
            {
                CheckpointRecoveryPoints(directory);
                CheckpointLogStartOffsets(directory);
                CheckpointHighWatermarks(directory);
            }

            source.LowerCleanerOffset(partition, null);
            ScheduleFolderDeletion(source, deleted, log.Config.FileDeleteDelayMs);
            StorageLog.MoveDone(_services.Logger, partition, source.Path, destination.Path);
            return true;
        }
    }

    /// <summary>A complete copy whose log is gone: the process ended between the two renames.</summary>
    private UnifiedLog? Promote(TopicPartition partition, Uuid topicId, Uuid? directoryId)
    {
        if (!_futureLogs.TryGetValue(partition, out var future) || future.TopicId != topicId || (directoryId is { } id && DirectoryOf(future).Id != id))
            return null;
        future.RenameDirectory(Path.Combine(DirectoryOf(future).Path, LogFileNames.PartitionDirectory(partition)));
        _futureLogs.TryRemove(partition, out _);
        _logs[partition] = future;
        return future;
    }

    private static int Copy(UnifiedLog log, UnifiedLog future)
    {
        AlignEnd(log, future);
        var from = future.LogEndOffset;
        using var data = log.Read(from, Math.Min(MoveChunkBytes, log.Config.SegmentBytes), FetchIsolation.LogEnd, minOneMessage: true);
        var records = data.Records;
        if (records.Length > 0)
        {
            // The log may begin inside its first batch: the copy begins with the batch and moves its start after it.
            var first = BinaryPrimitives.ReadInt64BigEndian(records.Span);
            if (first < from && future.SizeInBytes == 0)
                future.TruncateFullyAndStartAt(first);
            future.AppendAsFollower(records);
        }

        future.UpdateHighWatermark(log.HighWatermark);
        var start = log.LogStartOffset;
        if (start > future.LogStartOffset && start <= future.HighWatermark)
            future.MaybeIncrementLogStartOffset(start, "the log being copied begins later");
        return records.Length;
    }

    /// <summary>Cuts from the copy what the log no longer has: the log may have been cut, or have lost its beginning.</summary>
    private static void AlignEnd(UnifiedLog log, UnifiedLog future)
    {
        if (future.LogEndOffset < log.LogStartOffset)
            future.TruncateFullyAndStartAt(log.LogStartOffset);
        else if (future.LatestEpoch is { } epoch && log.EndOffsetForEpoch(epoch) is { Offset: >= 0 } end && end.Offset < future.LogEndOffset)
            future.TruncateTo(end.Offset);
    }
}
