using System.Collections.Concurrent;
using Barnabas.Protocol;

namespace Barnabas.Storage;

/// <summary>A log that is to exist.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="TopicId">The topic's id.</param>
/// <param name="Config">Its settings.</param>
/// <param name="DirectoryId">Where it goes (KIP-858); null for the least loaded directory.</param>
public readonly record struct NewLog(TopicPartition Partition, Uuid TopicId, LogConfig Config, Uuid? DirectoryId);

// Many logs at once: a topic of 1,000 partitions waits for the disk a few thousand times, and the disk takes several waits together.
public sealed partial class LogManager
{
    private const int CreatingThreads = 8;

    /// <summary>One creates at a time. Taken before the lock, and held while files are made: a directory that fails meanwhile takes the lock.</summary>
    private readonly Lock _creating = new();

    /// <summary>
    /// Creates those logs that do not exist yet. One that cannot be created is left out: <see cref="GetOrCreateLog"/> tells why.
    /// </summary>
    public void CreateLogs(IEnumerable<NewLog> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        lock (_creating)
        {
            List<(NewLog Log, LogDirectory Directory)> placed;
            lock (_lock)
                placed = _isShutDown ? [] : Place(logs);
            var opened = new ConcurrentQueue<UnifiedLog>();
            RunInParallel(placed, CreatingThreads, one =>
            {
                if (TryOpen(one.Log, one.Directory) is { } log)
                    opened.Enqueue(log);
            });
            lock (_lock)
            {
                foreach (var log in opened)
                    Admit(log);
            }
        }
    }

    private void Admit(UnifiedLog log)
    {
        if (_isShutDown || log.LogDirectory.IsOffline)
        {
            log.Dispose();
            return;
        }

        Add(log);
    }

    private void Add(UnifiedLog log)
    {
        Register(log);
        StorageLog.Created(_services.Logger, log.TopicPartition, log.LogDirectory.Path);
    }

    private List<(NewLog Log, LogDirectory Directory)> Place(IEnumerable<NewLog> logs)
    {
        var placed = new List<(NewLog, LogDirectory)>();
        var planned = new Dictionary<LogDirectory, int>();
        foreach (var log in logs)
        {
            if (_logs.ContainsKey(log.Partition) || _futureLogs.ContainsKey(log.Partition))
                continue;
            try
            {
                var directory = Choose(log.Partition, log.DirectoryId, planned);
                planned[directory] = planned.GetValueOrDefault(directory) + 1;
                placed.Add((log, directory));
            }
            catch (KafkaStorageException)
            {
                // Told by whoever asks for this log by itself.
            }
        }

        return placed;
    }

    private UnifiedLog? TryOpen(NewLog log, LogDirectory directory)
    {
        try
        {
            return OpenNew(log, directory);
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    private UnifiedLog OpenNew(NewLog log, LogDirectory directory)
    {
        var path = Path.Combine(directory.Path, LogFileNames.PartitionDirectory(log.Partition));
        return UnifiedLog.Open(_services, directory.State, path, log.Partition, log.TopicId, log.Config, new LogOpenOptions());
    }
}
