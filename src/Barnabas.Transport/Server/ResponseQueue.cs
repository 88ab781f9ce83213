using System.Threading.Tasks.Sources;

namespace Barnabas.Transport.Server;

/// <summary>
/// The responses of one connection in request order: a ring of slots, filled in any order, emptied from the head by the write loop.
/// <see cref="Signal"/> runs the write loop on the caller's thread; everything else only takes the lock.
/// </summary>
internal sealed class ResponseQueue(ServerOptions options) : IValueTaskSource<bool>
{
    private readonly Lock _lock = new();
    private Slot[] _slots = new Slot[4];
    private long _head;
    private long _tail;
    private long _unsentBytes;
    private bool _closed;
    private bool _writerWaits;
    private TaskCompletionSource? _room;
    private ManualResetValueTaskSourceCore<bool> _ready;

    /// <summary>Requests entered whose response has not been sent.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
                return (int)(_tail - _head);
        }
    }

    /// <summary>Whether a response waits for the peer to take it.</summary>
    public bool HasUnsent
    {
        get
        {
            lock (_lock)
                return _unsentBytes > 0;
        }
    }

    /// <summary>Whether another request may be entered now; otherwise <see cref="WaitForRoomAsync"/>.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return RoomLocked();
        }
    }

    /// <summary>Completes when there is room, or the queue is closed.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (_closed || RoomLocked())
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Takes the next place in the order.</summary>
    public long Enter()
    {
        lock (_lock)
        {
            if (_tail - _head == _slots.Length)
                GrowLocked();
            _slots[_tail & (_slots.Length - 1)] = default;
            return _tail++;
        }
    }

    /// <summary>Fills a place; null means there is no response.</summary>
    public void Complete(long place, IOutgoingFrame? frame)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _slots[place & (_slots.Length - 1)] = new Slot(true, frame);
                _unsentBytes += frame?.LengthInBytes ?? 0;
                return;
            }
        }
        frame?.Dispose();
    }

    /// <summary>Wakes the write loop if the head is filled.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            if (!_writerWaits || (!_closed && !HeadReadyLocked()))
                return;
            _writerWaits = false;
        }
        _ready.SetResult(!_closed);
    }

    /// <summary>Waits for a filled head. Only the write loop calls it.</summary>
    /// <returns>False once closed.</returns>
    public ValueTask<bool> WaitForReadyAsync()
    {
        lock (_lock)
        {
            if (_closed)
                return new ValueTask<bool>(false);
            if (HeadReadyLocked())
                return new ValueTask<bool>(true);
            _ready.Reset();
            _writerWaits = true;
            return new ValueTask<bool>(this, _ready.Version);
        }
    }

    /// <summary>Moves filled responses from the head into <paramref name="frames"/>, up to <paramref name="maxBytes"/> but at least one.</summary>
    public void Dequeue(List<IOutgoingFrame> frames, long maxBytes)
    {
        lock (_lock)
        {
            var bytes = 0L;
            while (HeadReadyLocked() && bytes < maxBytes)
            {
                ref var slot = ref _slots[_head++ & (_slots.Length - 1)];
                if (slot.Frame is { } frame)
                {
                    frames.Add(frame);
                    bytes += frame.LengthInBytes;
                }
                slot = default;
            }
            if (bytes == 0)
                WakeRoomLocked();
        }
    }

    /// <summary>Accounts for bytes that have left.</summary>
    public void Sent(long bytes)
    {
        lock (_lock)
        {
            _unsentBytes -= bytes;
            WakeRoomLocked();
        }
    }

    /// <summary>Ends both loops and disposes what waits; places completed later are disposed as they come.</summary>
    public void Close()
    {
        List<IOutgoingFrame> dropped = [];
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            for (var i = _head; i < _tail; i++)
            {
                if (_slots[i & (_slots.Length - 1)].Frame is { } frame)
                    dropped.Add(frame);
            }
            _slots = [];
            _head = _tail = 0;
            _room?.TrySetResult();
        }
        foreach (var frame in dropped)
            frame.Dispose();
        Signal();
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _ready.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _ready.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ready.OnCompleted(continuation, state, token, flags);

    private bool HeadReadyLocked() => _head < _tail && _slots[_head & (_slots.Length - 1)].IsFilled;

    private bool RoomLocked() => _tail - _head < options.MaxInFlightRequests && _unsentBytes < options.MaxUnsentBytes;

    private void WakeRoomLocked()
    {
        if (_room is not null && RoomLocked())
        {
            _room.TrySetResult();
            _room = null;
        }
    }

    private void GrowLocked()
    {
        var larger = new Slot[_slots.Length * 2];
        for (var i = _head; i < _tail; i++)
            larger[i & (larger.Length - 1)] = _slots[i & (_slots.Length - 1)];
        _slots = larger;
    }

    private readonly record struct Slot(bool IsFilled, IOutgoingFrame? Frame);
}
