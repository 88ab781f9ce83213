using Barnabas.Protocol;

namespace Barnabas.Storage;

public sealed partial class LogManager
{
    /// <summary>
    /// Takes a log out: its folder is renamed to <c>topic-N.UNIQUE-delete</c> at once, durably, and deleted after
    /// <c>file.delete.delay.ms</c>.
    /// </summary>
    /// <returns>False when there is no such log.</returns>
    /// <exception cref="KafkaStorageException">The disk failed.</exception>
    public bool AsyncDelete(TopicPartition partition)
    {
        lock (_lock)
        {
            if (_futureLogs.TryRemove(partition, out var future))
                Delete(future);
            if (!_logs.TryRemove(partition, out var log))
                return false;
            Delete(log);
            return true;
        }
    }

    /// <summary>What DescribeLogDirs tells of every directory.</summary>
    public IReadOnlyList<LogDirectoryDescription> Describe()
    {
        var descriptions = new List<LogDirectoryDescription>(Directories.Count);
        ILookup<LogDirectoryState, LogDescription> logs;
        // Under the lock no log is on its way from one directory to another.
        lock (_lock)
            logs = AllLogs().ToLookup(static l => l.LogDirectory, static l => new LogDescription(l.TopicPartition, l.SizeInBytes, l.LogEndOffset, IsFuture(l)));
        foreach (var directory in Directories)
        {
            if (directory.State.IsOffline)
            {
                descriptions.Add(new LogDirectoryDescription(directory.Path, ErrorCode.KafkaStorageError, new DiskSpace(-1, -1), [], IsCordoned(directory)));
                continue;
            }

            try
            {
                descriptions.Add(new LogDirectoryDescription(directory.Path, ErrorCode.None, _services.Disk.Space(directory.Path), [.. logs[directory.State]], IsCordoned(directory)));
            }
            catch (IOException e)
            {
                directory.State.Fail($"Error while describing log dir {directory.Path}", e);
                descriptions.Add(new LogDirectoryDescription(directory.Path, ErrorCode.KafkaStorageError, new DiskSpace(-1, -1), [], IsCordoned(directory)));
            }
        }

        return descriptions;
    }

    private void Delete(UnifiedLog log)
    {
        var partition = log.TopicPartition;
        log.LogDirectory.EnsureOnline();
        var directory = DirectoryOf(log);
        var path = Path.Combine(directory.Path, LogFileNames.DeleteDirectory(partition, _services.NextUnique()));
        log.RenameDirectory(path);
        log.Dispose();
        _loadedHighWatermarks.TryRemove(partition, out _);
        // A log created again under the name must not inherit these.
        CheckpointRecoveryPoints(directory);
        CheckpointLogStartOffsets(directory);
        CheckpointHighWatermarks(directory);
        directory.LowerCleanerOffset(partition, null);
        var delayMs = log.Config.FileDeleteDelayMs;
        StorageLog.LogDeleted(_services.Logger, partition, directory.Path, delayMs);
        ScheduleFolderDeletion(directory, path, delayMs);
    }

    private void ScheduleFolderDeletion(LogDirectory directory, string path, long delayMs) =>
        _services.Workers.Schedule(TimeSpan.FromMilliseconds(delayMs), () =>
        {
            try
            {
                _services.Disk.DeleteDirectory(path);
            }
            catch (IOException e)
            {
                throw directory.State.Fail($"Error while deleting {path}", e);
            }
        });
}

/// <summary>A log directory as DescribeLogDirs shows it.</summary>
/// <param name="Path">The directory.</param>
/// <param name="ErrorCode">None, or KAFKA_STORAGE_ERROR when it is offline.</param>
/// <param name="Space">The volume's space in bytes; -1 when offline.</param>
/// <param name="Logs">The logs in it.</param>
/// <param name="IsCordoned">Whether it is closed to new partitions.</param>
public sealed record LogDirectoryDescription(string Path, ErrorCode ErrorCode, DiskSpace Space, IReadOnlyList<LogDescription> Logs, bool IsCordoned);

/// <summary>A log as DescribeLogDirs shows it.</summary>
/// <param name="TopicPartition">The partition.</param>
/// <param name="SizeInBytes">Bytes in its segments.</param>
/// <param name="LogEndOffset">Its end, for the lag.</param>
/// <param name="IsFuture">Whether it is a copy on its way into this directory (KIP-113).</param>
public readonly record struct LogDescription(TopicPartition TopicPartition, long SizeInBytes, long LogEndOffset, bool IsFuture = false);
