using System.Collections.Concurrent;
using Barnabas.Protocol;
using Barnabas.Storage.Compaction;

namespace Barnabas.Storage;

/// <summary>
/// A node's logs over its log directories. Construction locks the directories; <see cref="Startup"/> loads them;
/// <see cref="Shutdown"/> flushes and marks a clean stop. Creation and deletion are serialized; look-ups are free.
/// A directory that fails goes offline with its logs, the others go on.
/// </summary>
public sealed partial class LogManager : IDisposable
{
    /// <summary>As many as one reassignment names at most; what is beyond is placed as if nothing had been said.</summary>
    private const int MaxPreferred = 10_000;

    private readonly LogServices _services;
    private readonly LogManagerOptions _options;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<TopicPartition, UnifiedLog> _logs = new();
    private readonly ConcurrentDictionary<TopicPartition, UnifiedLog> _futureLogs = new();
    private readonly ConcurrentDictionary<TopicPartition, long> _loadedHighWatermarks = new();
    private readonly ConcurrentDictionary<TopicPartition, string> _preferred = new();
    private volatile HashSet<string> _cordoned = [];
    private readonly LogCleaner _cleaner;
    private bool _isShutDown;

    /// <summary>Locks the log directories and reads their identities. Directories that cannot be opened are offline from the start.</summary>
    /// <exception cref="LogDirectoryInUseException">Another process uses one of the directories.</exception>
    public LogManager(LogManagerOptions options, LogServices services)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        _options = options;
        _services = services;
        _cleaner = new LogCleaner(this, services, options.Cleaner);
        Directories = options.LogDirs.Select(path => new LogDirectory(services, Path.GetFullPath(path))).ToArray();
        var opened = 0;
        try
        {
            foreach (var directory in Directories)
            {
                directory.State.WentOffline += OnDirectoryOffline;
                directory.Open();
                opened++;
            }
        }
        finally
        {
            if (opened < Directories.Count)
                ReleaseDirectories();
        }
    }

    /// <summary>Compacts logs.</summary>
    public LogCleaner Cleaner => _cleaner;

    /// <summary>Raised, once a directory, on the thread that met the failure; its logs are closed by then.</summary>
    public event Action<LogDirectory>? DirectoryFailed;

    /// <summary>All log directories, offline ones too.</summary>
    public IReadOnlyList<LogDirectory> Directories { get; }

    /// <summary>The log directories that work.</summary>
    public IEnumerable<LogDirectory> LiveDirectories => Directories.Where(static d => !d.State.IsOffline);

    /// <summary>The directories that get no new partitions (KIP-1066).</summary>
    public IEnumerable<LogDirectory> CordonedDirectories => Directories.Where(IsCordoned);

    /// <summary>All logs of working directories.</summary>
    public IEnumerable<UnifiedLog> Logs => _logs.Values;

    /// <summary>Whether all directories were stopped cleanly before this start, which is when an earlier broker epoch may be told (KIP-966).</summary>
    public bool HadCleanShutdown => Directories.All(static d => d.HadCleanShutdown);

    /// <summary>The broker epoch of the last clean stop; -1 when any directory was not stopped cleanly.</summary>
    public long PreviousBrokerEpoch
    {
        get
        {
            var epochs = Directories.Select(static d => d.LastBrokerEpoch ?? -1).Distinct().ToArray();
            return epochs.Length == 1 ? epochs[0] : -1;
        }
    }

    /// <summary>The log of a partition; null when there is none here.</summary>
    public UnifiedLog? GetLog(TopicPartition partition) => _logs.GetValueOrDefault(partition);

    /// <summary>The copy of a partition that is on its way into another log directory (KIP-113), as loaded; null without one.</summary>
    public UnifiedLog? GetFutureLog(TopicPartition partition) => _futureLogs.GetValueOrDefault(partition);

    /// <summary>The high watermark of a partition as checkpointed by the last process; 0 when unknown.</summary>
    public long CheckpointedHighWatermark(TopicPartition partition) => _loadedHighWatermarks.GetValueOrDefault(partition);

    /// <summary>The log of a partition, created in the least loaded directory when there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The topic's id.</param>
    /// <param name="config">The settings; they replace those of an existing log.</param>
    /// <param name="directoryId">Where a new log goes (KIP-858); null for the least loaded directory.</param>
    /// <exception cref="KafkaStorageException">The chosen directory is offline or fails, or all are offline.</exception>
    /// <exception cref="KafkaException">INCONSISTENT_TOPIC_ID.</exception>
    public UnifiedLog GetOrCreateLog(TopicPartition partition, Uuid topicId, LogConfig config, Uuid? directoryId = null)
    {
        if (_logs.TryGetValue(partition, out var existing))
            return Reuse(existing, topicId, config);
        lock (_creating)
            lock (_lock)
            {
                if (_logs.TryGetValue(partition, out existing))
                    return Reuse(existing, topicId, config);
                if (_isShutDown)
                    throw new KafkaStorageException("The log manager is shut down");
                if (Promote(partition, topicId, directoryId) is { } promoted)
                    return Reuse(promoted, topicId, config);
                var log = OpenNew(new NewLog(partition, topicId, config, directoryId), Choose(partition, directoryId, []));
                Add(log);
                return log;
            }
    }

    /// <summary>Notes where the log of a partition goes that is not here yet.</summary>
    public void Prefer(TopicPartition partition, LogDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (_preferred.Count < MaxPreferred)
            _preferred[partition] = directory.Path;
    }

    /// <summary>Closes directories to new partitions, and opens all others.</summary>
    public void Cordon(IEnumerable<string> paths) => _cordoned = [.. paths.Select(Path.GetFullPath)];

    /// <summary>Whether a directory is closed to new partitions.</summary>
    public bool IsCordoned(LogDirectory directory) => _cordoned.Contains(directory.Path);

    /// <summary>Cuts a log, durably, and its checkpointed recovery point with it.</summary>
    public void TruncateTo(TopicPartition partition, long offset) => GetLog(partition)?.TruncateTo(offset);

    /// <summary>The directory a log is in.</summary>
    public LogDirectory DirectoryOf(UnifiedLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return Directories.First(d => ReferenceEquals(d.State, log.LogDirectory));
    }

    /// <summary>Stops cleanly: everything flushed, checkpoints written, clean-shutdown markers set, locks released.</summary>
    /// <param name="brokerEpoch">The epoch this broker was registered at; -1 when it never was.</param>
    public void Shutdown(long brokerEpoch = -1)
    {
        lock (_lock)
        {
            if (_isShutDown)
                return;
            _isShutDown = true;
        }

        _cleaner.Dispose();
        foreach (var directory in Directories)
        {
            if (!directory.State.IsOffline)
                ShutDown(directory, brokerEpoch);
        }

        ReleaseDirectories();
    }

    /// <summary>Closes files and releases locks without flushing: what is left to do after a crash in a simulation.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isShutDown = true;
        _cleaner.Dispose();
        foreach (var log in AllLogs())
            log.Dispose();
        ReleaseDirectories();
    }

    private static UnifiedLog Reuse(UnifiedLog log, Uuid topicId, LogConfig config)
    {
        if (topicId != Uuid.Zero)
            log.AssignTopicId(topicId);
        log.UpdateConfig(config);
        return log;
    }

    private LogDirectory Choose(TopicPartition partition, Uuid? directoryId, Dictionary<LogDirectory, int> planned)
    {
        if (_preferred.TryRemove(partition, out var path) && Directories.FirstOrDefault(d => d.Path == path) is { State.IsOffline: false } preferred)
            return preferred;
        if (directoryId is { } id && Directories.FirstOrDefault(d => d.Id == id) is { } wanted)
        {
            wanted.State.EnsureOnline();
            return wanted;
        }

        var live = LiveDirectories.ToArray();
        if (live.Length == 0)
            throw new KafkaStorageException("No log directory is online");
        // With all of them cordoned the partition still has to go somewhere: the controller has placed it here.
        if (Array.FindAll(live, directory => !IsCordoned(directory)) is { Length: > 0 } open)
            live = open;
        if (live.Length == 1)
            return live[0];
        var counts = AllLogs().CountBy(static l => l.LogDirectory).ToDictionary();
        return live.MinBy(d => counts.GetValueOrDefault(d.State) + planned.GetValueOrDefault(d))!;
    }

    private void Register(UnifiedLog log)
    {
        log.Truncated = (truncated, loweredRecoveryPoint) =>
        {
            var directory = DirectoryOf(truncated);
            if (loweredRecoveryPoint)
                CheckpointRecoveryPoints(directory);
            directory.LowerCleanerOffset(truncated.TopicPartition, truncated.LogEndOffset);
        };
        (IsFuture(log) ? _futureLogs : _logs)[log.TopicPartition] = log;
    }

    private void ShutDown(LogDirectory directory, long brokerEpoch)
    {
        try
        {
            var logs = LogsIn(directory);
            foreach (var log in logs)
                log.Close();
            CheckpointRecoveryPoints(directory);
            CheckpointLogStartOffsets(directory);
            CheckpointHighWatermarks(directory);
            directory.CleanShutdown.Write(brokerEpoch);
        }
        catch (IOException e)
        {
            directory.State.Fail($"Error while shutting down log dir {directory.Path}", e);
        }
        catch (KafkaStorageException)
        {
            // The directory is offline now, reported, and has no marker: the next start checks it.
        }
    }

    private void OnDirectoryOffline(LogDirectoryState state)
    {
        foreach (var log in AllLogs())
        {
            // Its files are closed by whoever disposes the manager: the failing call may hold the log's lock.
            if (ReferenceEquals(log.LogDirectory, state))
                (IsFuture(log) ? _futureLogs : _logs).TryRemove(log.TopicPartition, out _);
        }

        if (Directories is not null && Directories.FirstOrDefault(d => ReferenceEquals(d.State, state)) is { } directory)
            DirectoryFailed?.Invoke(directory);
    }

    private UnifiedLog[] LogsIn(LogDirectory directory) =>
        AllLogs().Where(l => ReferenceEquals(l.LogDirectory, directory.State)).ToArray();

    private IEnumerable<UnifiedLog> AllLogs() => _logs.Values.Concat(_futureLogs.Values);

    private static bool IsFuture(UnifiedLog log) => LogFileNames.HasEnding(log.Directory, LogFileNames.FutureDirSuffix);

    private void ReleaseDirectories()
    {
        foreach (var directory in Directories)
            directory.Dispose();
    }
}
