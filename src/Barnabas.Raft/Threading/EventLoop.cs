namespace Barnabas.Raft.Threading;

/// <summary>
/// Runs events one at a time in the order they were posted. With a thread of its own it drains as they come; without
/// one its owner calls <see cref="RunPending"/>, which is how a simulation runs many nodes in one thread. An event
/// that throws stops the loop and reports the exception through <see cref="Completion"/>.
/// </summary>
public sealed class EventLoop : IDisposable
{
    private readonly Queue<Action> _events = new();
    private readonly TimeProvider _time;
    private readonly Thread? _thread;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<DelayedEvent> _delayed = [];
    private bool _closed;
    private bool _started;

    /// <summary>Makes a loop; call <see cref="Start"/> to begin.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="time">Fires delayed events.</param>
    /// <param name="ownThread">False when the owner drains the loop itself.</param>
    public EventLoop(string name, TimeProvider time, bool ownThread)
    {
        _time = time;
        if (ownThread) _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Ends when the loop has ended; faulted when an event threw.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Starts the thread, if the loop has one.</summary>
    public void Start()
    {
        lock (_events)
        {
            if (_started || _closed) return;
            _started = true;
        }
        _thread?.Start();
    }

    /// <summary>Adds an event; false when the loop is closed.</summary>
    public bool Post(Action action)
    {
        lock (_events)
        {
            if (_closed) return false;
            _events.Enqueue(action);
            if (_events.Count == 1) Monitor.Pulse(_events);
            return true;
        }
    }

    /// <summary>Adds an event after a delay; disposing the result cancels it unless it is queued already.</summary>
    public IDisposable PostDelayed(TimeSpan delay, Action action)
    {
        var delayed = new DelayedEvent(this, action);
        lock (_events)
        {
            // Held until it fires: nothing else refers to the timer, which would end with the next collection.
            if (_closed) return delayed;
            _delayed.Add(delayed);
        }
        delayed.Start(_time, delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
        return delayed;
    }

    /// <summary>Runs what is queued, for loops without a thread. Returns how many events ran.</summary>
    public int RunPending()
    {
        if (_thread is not null) throw new InvalidOperationException("This loop has a thread of its own.");
        var count = 0;
        while (true)
        {
            Action action;
            lock (_events)
            {
                if (!_events.TryDequeue(out action!))
                {
                    if (_closed) _completion.TrySetResult();
                    return count;
                }
            }
            if (!Execute(action)) return count;
            count++;
        }
    }

    /// <summary>Lets the queued events run and takes no more. Returns at once; wait for <see cref="Completion"/>.</summary>
    public void Close()
    {
        DelayedEvent[] delayed;
        lock (_events)
        {
            _closed = true;
            delayed = [.. _delayed];
            // A thread that never ran cannot end the loop.
            if (_thread is not null && !_started) _completion.TrySetResult();
            Monitor.PulseAll(_events);
        }
        foreach (var one in delayed) one.Dispose();
    }

    /// <summary>Closes the loop and waits for its thread, unless called from it.</summary>
    public void Dispose()
    {
        Close();
        if (_thread is { IsAlive: true } && Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            Action action;
            lock (_events)
            {
                while (_events.Count == 0)
                {
                    if (_closed)
                    {
                        _completion.TrySetResult();
                        return;
                    }
                    Monitor.Wait(_events);
                }
                action = _events.Dequeue();
            }
            if (!Execute(action)) return;
        }
    }

    private bool Execute(Action action)
    {
        try
        {
            action();
            return true;
        }
#pragma warning disable CA1031 // Whatever an event throws ends the loop and reaches its owner through Completion.
        catch (Exception e)
#pragma warning restore CA1031
        {
            lock (_events)
            {
                _closed = true;
                _events.Clear();
            }
            _completion.TrySetException(e);
            return false;
        }
    }

    private sealed class DelayedEvent(EventLoop loop, Action action) : IDisposable
    {
        private ITimer? _timer;

        internal void Start(TimeProvider time, TimeSpan delay)
        {
            _timer = time.CreateTimer(static state => ((DelayedEvent)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (loop._events) loop._delayed.Remove(this);
            _timer?.Dispose();
        }

        private void Fire()
        {
            loop.Post(action);
            Dispose();
        }
    }
}
