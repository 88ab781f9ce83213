using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Compaction;

/// <summary>
/// Compacts the logs whose policy asks for it, the dirtiest first, on threads of its own: every backoff each thread works until no log is due.
/// A log that cannot be read is left alone, reported, and tried again after a restart. Safe from any thread.
/// </summary>
public sealed class LogCleaner : IDisposable
{
    private readonly LogManager _manager;
    private readonly LogServices _services;
    private readonly Lock _lock = new();
    private readonly HashSet<TopicPartition> _inProgress = [];
    private readonly HashSet<TopicPartition> _uncleanable = [];
    private readonly List<StorageWorkers> _threads = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly IoThrottle _throttle;
    private LogCleanerOptions _options;
    private ITimer? _timer;
    private int _running;
    private bool _isStarted;

    internal LogCleaner(LogManager manager, LogServices services, LogCleanerOptions options)
    {
        _manager = manager;
        _services = services;
        _options = options;
        _throttle = new IoThrottle(services.Time) { MaxBytesPerSecond = options.MaxIoBytesPerSecond };
    }

    /// <summary>What was measured last; for metrics.</summary>
    public LogCleanerStatus Status { get; private set; } = new();

    /// <summary>Changes how logs are compacted; runs that stand end as they began.</summary>
    public void Reconfigure(LogCleanerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_lock)
        {
            if (options == _options)
                return;
            _options = options with { IsEnabled = _options.IsEnabled };
            _throttle.MaxBytesPerSecond = options.MaxIoBytesPerSecond;
            if (_isStarted)
                Schedule();
        }
    }

    /// <summary>Compacts the dirtiest log that is due.</summary>
    /// <returns>False where none is.</returns>
    public bool CleanFilthiest()
    {
        if (Grab() is not { } target)
            return false;
        var partition = target.Log.TopicPartition;
        var directory = _manager.DirectoryOf(target.Log);
        try
        {
            Clean(target, directory);
        }
        catch (CleaningAbortedException)
        {
            // The log changed under the cleaner or the broker stops; nothing was done by halves.
            return !_stopping.IsCancellationRequested;
        }
        catch (Exception e) when (e is ObjectDisposedException or FileNotFoundException or DirectoryNotFoundException && !ReferenceEquals(_manager.GetLog(partition), target.Log))
        {
            // Deleted or moved meanwhile.
        }
        catch (KafkaStorageException)
        {
            // Reported when it happened; the directory is offline, the others go on.
        }
        catch (IOException e)
        {
            directory.State.Fail($"Error while compacting {partition} in {directory.Path}", e);
        }
        catch (Exception e) when (e is CorruptRecordException or InvalidRecordException or InvalidDataException or KafkaException or ObjectDisposedException)
        {
            StorageLog.Uncleanable(_services.Logger, partition, e);
            lock (_lock)
                _uncleanable.Add(partition);
        }
        finally
        {
            lock (_lock)
                _inProgress.Remove(partition);
        }
        return true;
    }

    /// <summary>Ends the threads; a run at work is given up at its next batch.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _timer?.Dispose();
        foreach (var thread in _threads)
            thread.Dispose();
    }

    internal void Start()
    {
        lock (_lock)
        {
            if (!_options.IsEnabled || _isStarted)
                return;
            _isStarted = true;
            Schedule();
        }
    }

    private void Schedule()
    {
        while (_threads.Count < _options.Threads)
            _threads.Add(new StorageWorkers(_services.Time, _services.Logger, 1));
        _timer?.Dispose();
        var backoff = TimeSpan.FromMilliseconds(Math.Clamp(_options.BackoffMs, 1, int.MaxValue));
        _timer = _services.Time.CreateTimer(_ => Tick(), null, backoff, backoff);
    }

    private void Tick()
    {
        lock (_lock)
        {
            // Threads taken out of service stay, without work.
            for (; _running < Math.Min(_options.Threads, _threads.Count) && !_stopping.IsCancellationRequested; _running++)
                _threads[_running].Run(Work);
        }
    }

    private void Work()
    {
        try
        {
            while (!_stopping.IsCancellationRequested && CleanFilthiest())
            {
            }
        }
        finally
        {
            lock (_lock)
                _running--;
        }
    }

    private LogToClean? Grab()
    {
        var now = _services.NowMs;
        var checkpoints = _manager.LiveDirectories.ToDictionary(d => d.State, d => d.ReadCleanerOffsets());
        lock (_lock)
        {
            LogToClean? filthiest = null;
            var dirtiest = 0.0;
            var delay = 0L;
            foreach (var log in _manager.Logs)
            {
                if (!log.Config.Compact || log.LogDirectory.IsOffline || _inProgress.Contains(log.TopicPartition) || _uncleanable.Contains(log.TopicPartition)
                    || !checkpoints.TryGetValue(log.LogDirectory, out var offsets))
                    continue;
                var measured = LogToClean.Of(log, offsets.TryGetValue(log.TopicPartition, out var offset) ? offset : null, now);
                dirtiest = Math.Max(dirtiest, measured.DirtyRatio);
                delay = Math.Max(delay, measured.DirtyBytes > 0 ? measured.DelayMs : 0);
                if (measured.IsDue && (filthiest is null || measured.DirtyRatio > filthiest.DirtyRatio))
                    filthiest = measured;
            }
            Status = Status with { MaxDirtyPercent = dirtiest * 100, MaxDelayMs = delay, LastRunMs = now, UncleanablePartitions = _uncleanable.Count };
            if (filthiest is not null)
                _inProgress.Add(filthiest.Log.TopicPartition);
            return filthiest;
        }
    }

    private void Clean(LogToClean target, LogDirectory directory)
    {
        var log = target.Log;
        var began = _services.NowMs;
        LogCleanerOptions options;
        lock (_lock)
            options = _options;
        // Nothing goes for the sake of a record, or of the end of a transaction, that a crash could take back;
        // and recovery never has to look at a compacted segment's gaps.
        if (log.FlushedOffset < log.LogEndOffset || log.RecoveryPoint < target.FirstUncleanableOffset)
            log.FlushNow(completely: false);
        _manager.CheckpointRecoveryPoints(directory);
        var cleaner = new Cleaner(_services, options, _throttle, _stopping.Token);
        var end = cleaner.Clean(target);
        directory.SetCleanerOffset(log.TopicPartition, Math.Min(end, log.LogEndOffset));
        var stats = cleaner.Stats;
        var elapsed = _services.NowMs - began;
        StorageLog.Cleaned(_services.Logger, log.TopicPartition, end, stats.BytesRead, stats.BytesWritten, stats.RecordsRead, stats.RecordsKept, elapsed);
        lock (_lock)
        {
            Status = Status with
            {
                RecopyPercent = stats.BytesRead == 0 ? 0 : 100.0 * stats.BytesWritten / stats.BytesRead,
                BufferUtilizationPercent = stats.BufferUtilization,
                LastCleanMs = elapsed,
                Runs = Status.Runs + 1,
            };
        }
    }
}

/// <summary>What the cleaner measured last.</summary>
public sealed record LogCleanerStatus
{
    /// <summary>The dirty share of the dirtiest log, in percent.</summary>
    public double MaxDirtyPercent { get; init; }

    /// <summary>By how much max.compaction.lag.ms is exceeded where it is most, in milliseconds.</summary>
    public long MaxDelayMs { get; init; }

    /// <summary>When it last looked, in Unix milliseconds; 0 for never.</summary>
    public long LastRunMs { get; init; }

    /// <summary>Logs that cannot be compacted.</summary>
    public int UncleanablePartitions { get; init; }

    /// <summary>Bytes kept by the last run in percent of those read.</summary>
    public double RecopyPercent { get; init; }

    /// <summary>How full the key map was in the last run, in percent.</summary>
    public double BufferUtilizationPercent { get; init; }

    /// <summary>How long the last run took, in milliseconds.</summary>
    public long LastCleanMs { get; init; }

    /// <summary>Runs since the start.</summary>
    public long Runs { get; init; }
}
