using Barnabas.Protocol;

namespace Barnabas.Storage;

public sealed partial class LogManager
{
    /// <summary>Loads all logs, several at a time, recovering those of directories that were not stopped cleanly.</summary>
    /// <param name="configOf">The settings of a topic's logs; null for the default.</param>
    /// <param name="isStray">Whether the metadata does not assign this log (by topic id and partition) here; null keeps all.</param>
    public void Startup(Func<TopicPartition, LogConfig?>? configOf = null, Func<TopicPartition, Uuid, bool>? isStray = null)
    {
        foreach (var directory in LiveDirectories.ToArray())
        {
            try
            {
                Load(directory, configOf, isStray);
            }
            catch (IOException e)
            {
                directory.State.Fail($"Error while loading log dir {directory.Path}", e);
            }
            catch (KafkaStorageException)
            {
                // Reported when it happened; the directory is offline, the others go on.
            }
        }
    }

    private void Load(LogDirectory directory, Func<TopicPartition, LogConfig?>? configOf, Func<TopicPartition, Uuid, bool>? isStray)
    {
        var startedMs = _services.NowMs;
        directory.TakeCleanShutdownMarker();
        var recoveryPoints = directory.ReadCheckpoint(directory.RecoveryPoints);
        var startOffsets = directory.ReadCheckpoint(directory.LogStartOffsets);
        var cleanerOffsets = directory.ReadCheckpoint(directory.CleanerOffsets);
        var highWatermarks = directory.ReadCheckpoint(directory.HighWatermarks);
        var folders = new List<(string Name, TopicPartition Partition)>();
        foreach (var entry in _services.Disk.List(directory.Path))
        {
            if (entry.IsDirectory && IsLogFolder(directory, entry.Name, out var partition))
            {
                folders.Add((entry.Name, partition));
                if (LogFileNames.HasEnding(entry.Name, LogFileNames.FutureDirSuffix))
                    highWatermarks.Remove(partition);
            }
        }

        foreach (var (partition, offset) in highWatermarks)
            _loadedHighWatermarks[partition] = offset;

        RunInParallel(folders, _options.RecoveryThreadsPerDataDir, folder =>
        {
            var (name, partition) = folder;
            var options = new LogOpenOptions(
                recoveryPoints.GetValueOrDefault(partition),
                startOffsets.GetValueOrDefault(partition),
                directory.HadCleanShutdown,
                cleanerOffsets.GetValueOrDefault(partition));
            LoadOne(directory, Path.Combine(directory.Path, name), partition, configOf?.Invoke(partition) ?? _options.DefaultConfig, options, isStray);
        });
        // Recovery rebuilt what lies above the segments it checked; until that is durable, the next recovery must check it too.
        if (LogsIn(directory).Any(log => log.RecoveryPoint < recoveryPoints.GetValueOrDefault(log.TopicPartition)))
            CheckpointRecoveryPoints(directory);
        StorageLog.DirectoryLoaded(_services.Logger, directory.Path, LogsIn(directory).Length, _services.NowMs - startedMs, directory.HadCleanShutdown ? "clean" : "unclean");
    }

    private void LoadOne(
        LogDirectory directory, string path, TopicPartition partition, LogConfig config, LogOpenOptions options, Func<TopicPartition, Uuid, bool>? isStray)
    {
        _services.Stopping.ThrowIfCancellationRequested();
        UnifiedLog log;
        try
        {
            log = UnifiedLog.Open(_services, directory.State, path, partition, Uuid.Zero, config, options);
        }
        catch (Exception e) when (e is InvalidDataException)
        {
            StorageLog.LoadFailed(_services.Logger, partition.ToString(), directory.Path, e);
            throw directory.State.Fail($"Error while loading log {partition}", e);
        }

        if (isStray is not null && isStray(partition, log.TopicId))
        {
            StorageLog.Stray(_services.Logger, partition, directory.Path);
            log.RenameDirectory(Path.Combine(directory.Path, LogFileNames.StrayDirectory(partition, _services.NextUnique())));
            log.Dispose();
            return;
        }

        if (IsFuture(log) && _futureLogs.TryGetValue(partition, out var otherFuture))
        {
            log.Dispose();
            throw directory.State.Fail($"Error while loading log {partition}", new InvalidDataException($"Duplicate log directories found: {path}, {otherFuture.Directory}"));
        }

        if (!IsFuture(log) && _logs.ContainsKey(partition))
        {
            log.Dispose();
            var failure = new InvalidDataException($"Duplicate log directories for {partition} are found in both {_logs[partition].Directory} and {path}. It is likely because log directory failure happened while broker was replacing current replica with future replica. Recover broker from this failure by manually deleting one of the two directories for this partition. It is recommended to delete the partition in the log directory that is known to have failed recently.");
            throw directory.State.Fail($"Error while loading log {partition}", failure);
        }

        Register(log);
    }

    private bool IsLogFolder(LogDirectory directory, string name, out TopicPartition partition)
    {
        partition = default;
        var path = Path.Combine(directory.Path, name);
        if (LogFileNames.HasEnding(name, LogFileNames.DeleteDirSuffix))
        {
            // Renamed for deletion by the last process, which did not come to it.
            ScheduleFolderDeletion(directory, path, _options.DefaultConfig.FileDeleteDelayMs);
            return false;
        }

        if (LogFileNames.HasEnding(name, LogFileNames.StrayDirSuffix))
            return false;
        if (!LogFileNames.TryParsePartitionDirectory(name, out var parsed) || parsed.Value.Topic == LogFileNames.ClusterMetadataTopic)
            return false;
        partition = parsed.Value;
        return true;
    }

    private void RunInParallel<T>(List<T> items, int maxThreads, Action<T> work)
    {
        // Without threads of recovery nothing runs beside anything: simulations are deterministic.
        if (_options.RecoveryThreadsPerDataDir <= 0 || items.Count < 2)
        {
            items.ForEach(work);
            return;
        }

        var next = -1;
        Exception? failure = null;
        var threads = new Thread[Math.Min(maxThreads, items.Count)];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() =>
            {
                try
                {
                    for (var at = Interlocked.Increment(ref next); at < items.Count && Volatile.Read(ref failure) is null; at = Interlocked.Increment(ref next))
                        work(items[at]);
                }
                catch (Exception e) when (e is IOException or KafkaException or OperationCanceledException)
                {
                    Interlocked.CompareExchange(ref failure, e, null);
                }
            })
            { IsBackground = true, Name = $"logs-{i}" };
            threads[i].Start();
        }

        foreach (var thread in threads)
            thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
