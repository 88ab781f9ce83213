using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Barnabas.Storage;

/// <summary>
/// The dedicated threads on which storage blocks (fsync, deletions, checkpoints), and the timers that lead there. With no
/// threads, work runs on the caller's, which makes simulations deterministic.
/// </summary>
public sealed class StorageWorkers : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Queue<Action>? _queue;
    private readonly Thread[] _threads;
    private readonly ConcurrentDictionary<ITimer, byte> _timers = new();
    private volatile bool _stopped;

    /// <summary>Starts the threads.</summary>
    public StorageWorkers(TimeProvider time, ILogger logger, int threads)
    {
        _time = time;
        _logger = logger;
        _threads = new Thread[threads];
        if (threads == 0)
            return;
        _queue = [];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Loop) { IsBackground = true, Name = $"storage-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Runs work soon on one of the threads; what it throws is logged.</summary>
    public void Run(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_queue is null)
        {
            Execute(work);
            return;
        }

        lock (_queue)
        {
            // Stopped: whoever must not lose the work runs it by itself while closing.
            if (_stopped)
                return;
            _queue.Enqueue(work);
            Monitor.Pulse(_queue);
        }
    }

    /// <summary>Runs work once after a delay.</summary>
    public void Schedule(TimeSpan delay, Action work)
    {
        if (delay <= TimeSpan.Zero)
        {
            Run(work);
            return;
        }

        // The timer can fire only after Change, so that it always finds itself in the dictionary.
        var fired = 0;
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                if (Interlocked.Exchange(ref fired, 1) != 0)
                    return;
                if (_timers.TryRemove(timer!, out var _))
                    timer!.Dispose();
                Run(work);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _timers[timer] = 0;
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Runs work again and again; a run that is late delays the next one rather than overlapping it.</summary>
    public void ScheduleRepeatedly(TimeSpan delay, TimeSpan period, Action work)
    {
        var running = 0;
        var timer = _time.CreateTimer(
            _ =>
            {
                if (_stopped || Interlocked.Exchange(ref running, 1) != 0)
                    return;
                Run(() =>
                {
                    try
                    {
                        work();
                    }
                    finally
                    {
                        Volatile.Write(ref running, 0);
                    }
                });
            },
            null,
            delay,
            period);
        _timers[timer] = 0;
    }

    /// <summary>Stops timers, runs what is queued and ends the threads.</summary>
    public void Dispose()
    {
        if (_queue is null)
        {
            _stopped = true;
        }
        else
        {
            lock (_queue)
            {
                _stopped = true;
                Monitor.PulseAll(_queue);
            }
        }

        foreach (var timer in _timers.Keys)
            timer.Dispose();
        _timers.Clear();
        foreach (var thread in _threads)
        {
            if (thread != Thread.CurrentThread)
                thread.Join();
        }
    }

    private void Loop()
    {
        while (Take() is { } work)
            Execute(work);
    }

    /// <summary>The next work; null once stopped and empty.</summary>
    private Action? Take()
    {
        lock (_queue!)
        {
            while (_queue.Count == 0)
            {
                if (_stopped)
                    return null;
                Monitor.Wait(_queue);
            }

            return _queue.Dequeue();
        }
    }

    private void Execute(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (_queue is not null || e is KafkaStorageException)
        {
            // The thread must outlive one failed task; a disk failure has taken its directory offline already.
            StorageLog.BackgroundWorkFailed(_logger, e);
        }
    }
}
