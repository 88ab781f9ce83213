using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    private readonly Lock _roundLock = new();
    private readonly Lock _flushLock = new();
    private TaskCompletionSource? _nextRound;
    private bool _roundQueued;
    private long _flushedOffset;
    private long _recoveryPoint;
    private long _lastFlushMs;
    private int _directoryVersion;
    private int _flushedDirectoryVersion;
    private int _truncations;

    /// <summary>Everything below this offset is on the disk's platter.</summary>
    public long FlushedOffset => Volatile.Read(ref _flushedOffset);

    /// <summary>
    /// Everything below this offset, with its indexes, epochs and snapshots, is durable: where recovery begins after a
    /// crash. This goes into <c>recovery-point-offset-checkpoint</c>.
    /// </summary>
    public long RecoveryPoint => Volatile.Read(ref _recoveryPoint);

    /// <summary>
    /// Raised under no lock after a truncation, with whether it lowered the recovery point, so that the checkpoints are
    /// lowered too.
    /// </summary>
    internal Action<UnifiedLog, bool>? Truncated { get; set; }

    /// <summary>
    /// Completes when everything below the offset is durable. All callers that wait share one fdatasync, and those that
    /// come while it runs share the next.
    /// </summary>
    /// <param name="offset">The end of what is to be durable.</param>
    /// <param name="requester">Who asks, where it has nothing else to do: it may then flush before this returns. 0 where it has.</param>
    /// <exception cref="KafkaStorageException">The disk failed (the task faults with it too).</exception>
    public Task FlushAsync(long offset, long requester = 0)
    {
        LogDirectory.EnsureOnline();
        if (offset <= FlushedOffset)
            return Task.CompletedTask;
        return BeginFlush(_services.LoneFlusher.IsFor(requester));
    }

    /// <summary>Makes everything durable now, on the caller's thread.</summary>
    public void Flush()
    {
        EnsureUsable();
        FlushNow(completely: false);
    }

    /// <summary>Asks for a flush when <c>flush.ms</c> has passed since the last one.</summary>
    public void FlushIfDue()
    {
        if (LogDirectory.IsOffline || LogEndOffset <= FlushedOffset)
            return;
        if (_services.NowMs - Volatile.Read(ref _lastFlushMs) >= Config.FlushMs)
            _ = BeginFlush(here: false);
    }

    /// <summary>Writes the leader epochs and, when <paramref name="completely"/>, the active segment's indexes too.</summary>
    internal void FlushNow(bool completely)
    {
        lock (_flushLock)
        {
            try
            {
                var began = _services.Time.GetTimestamp();
                FlushUnderFlushLock(completely);
                _services.LoneFlusher.Note(_services.Time.GetElapsedTime(began));
            }
            catch (IOException e)
            {
                throw Failed("flushing", e);
            }
        }
    }

    private Task BeginFlush(bool here)
    {
        Task round;
        lock (_roundLock)
        {
            // Who waits goes on on the flushing thread: an acknowledgement less a thread change.
            _nextRound ??= new TaskCompletionSource();
            round = _nextRound.Task;
            if (_roundQueued)
                return round;
            _roundQueued = true;
        }

        if (here)
            RunRound();
        else
            _services.Workers.Run(RunRound);
        return round;
    }

    private void RunRound()
    {
        TaskCompletionSource round;
        lock (_roundLock)
        {
            round = _nextRound!;
            _nextRound = null;
        }

        Exception? failure = null;
        try
        {
            FlushNow(completely: false);
        }
        catch (KafkaStorageException e)
        {
            failure = e;
        }
        catch (ObjectDisposedException e)
        {
            failure = new KafkaStorageException($"The log {TopicPartition} in {Directory} was closed", e);
        }

        var again = false;
        lock (_roundLock)
        {
            again = _nextRound is not null;
            _roundQueued = again;
        }

        // The next fdatasync begins before this one's waiters are served.
        if (again)
            _services.Workers.Run(RunRound);
        if (failure is null)
        {
            round.SetResult();
        }
        else
        {
            round.SetException(failure);
            _ = round.Task.Exception; // Waiters of a roll's flush do not exist; the directory's failure is reported.
        }
    }

    private void FlushUnderFlushLock(bool completely)
    {
        LogSegment[] segments;
        long end;
        int directoryVersion, truncations;
        lock (_lock)
        {
            segments = _segments;
            end = _logEndOffset;
            directoryVersion = _directoryVersion;
            truncations = _truncations;
        }

        var active = segments[^1];
        for (var i = 0; i < segments.Length - 1; i++)
        {
            if (!segments[i].IsFullyFlushed)
                FlushInactive(segments[i], segments[i + 1].BaseOffset);
        }

        if (completely)
            active.FlushAll();
        else
            active.FlushLog();
        // Epochs below the new recovery point are not found again by a scan.
        var recoveryPoint = completely ? end : active.BaseOffset;
        if (recoveryPoint > RecoveryPoint)
            _epochs.Flush();
        if (directoryVersion != _flushedDirectoryVersion)
            _services.Disk.FlushDirectory(Directory);
        lock (_lock)
        {
            _flushedDirectoryVersion = directoryVersion;
            _lastFlushMs = _services.NowMs;
            if (truncations != _truncations)
                return;
            Volatile.Write(ref _flushedOffset, Math.Max(_flushedOffset, end));
            Volatile.Write(ref _recoveryPoint, Math.Max(_recoveryPoint, recoveryPoint));
        }
    }

    private void FlushInactive(LogSegment segment, long nextBaseOffset)
    {
        try
        {
            segment.FlushAll();
            lock (_lock)
                _producers.Snapshots.FlushFile(nextBaseOffset);
            segment.IsFullyFlushed = true;
        }
        catch (Exception e) when (e is ObjectDisposedException or FileNotFoundException && !Segments.Contains(segment))
        {
            // Retention deleted it meanwhile.
        }
    }
}
