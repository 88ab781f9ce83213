namespace Barnabas.Client.Producer;

/// <summary>
/// Accounts for <c>buffer.memory</c>. Who finds none left waits in line: no later, smaller wish overtakes. Thread-safe.
/// </summary>
internal sealed class BufferMemory(long totalBytes)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private long _availableBytes = totalBytes;
    private Exception? _closed;

    public long TotalBytes { get; } = totalBytes;

    public long AvailableBytes
    {
        get
        {
            lock (_gate)
                return _availableBytes;
        }
    }

    /// <summary>Whether somebody waits: then all batches are sent at once.</summary>
    public bool HasWaiters
    {
        get
        {
            lock (_gate)
                return _waiters.Count > 0;
        }
    }

    public bool TryReserve(int bytes)
    {
        lock (_gate)
        {
            if (_waiters.Count > 0 || _availableBytes < bytes || _closed is not null)
                return false;
            _availableBytes -= bytes;
            return true;
        }
    }

    public async Task ReserveAsync(int bytes, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (_closed is not null)
                throw _closed;
            if (_waiters.Count == 0 && _availableBytes >= bytes)
            {
                _availableBytes -= bytes;
                return;
            }
            node = _waiters.AddLast(new Waiter(bytes));
        }
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Waiter)state!).Completion.TrySetCanceled(token), node.Value);
        try
        {
            await node.Value.Completion.Task;
        }
        finally
        {
            lock (_gate)
            {
                if (node.List is not null)
                {
                    _waiters.Remove(node);
                    Serve();
                }
            }
        }
    }

    public void Release(int bytes)
    {
        lock (_gate)
        {
            _availableBytes += bytes;
            Serve();
        }
    }

    /// <summary>Fails all who wait, and all who come.</summary>
    public void Close(Exception reason)
    {
        lock (_gate)
        {
            _closed = reason;
            foreach (var waiter in _waiters)
                waiter.Completion.TrySetException(reason);
        }
    }

    private void Serve()
    {
        while (_waiters.First is { } first && first.Value.Bytes <= _availableBytes)
        {
            _waiters.RemoveFirst();
            if (first.Value.Completion.TrySetResult())
                _availableBytes -= first.Value.Bytes;
        }
    }

    private sealed class Waiter(int bytes)
    {
        public int Bytes { get; } = bytes;

        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
