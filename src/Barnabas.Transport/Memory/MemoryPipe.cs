namespace Barnabas.Transport.Memory;

/// <summary>
/// Bytes in one direction, with the back-pressure of a socket's buffers. One reader and one writer; faults are looked up at each write and read.
/// Waits are woken off the lock and never inline, so a peer's code does not run inside ours.
/// </summary>
internal sealed class MemoryPipe(MemoryNetworkFaults faults, TimeProvider time)
{
    private const int Capacity = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<Chunk> _chunks = new();
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;
    private int _buffered;
    private bool _completed;
    private string? _broken;
    private ITimer? _timer;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_broken is { } reason)
                    throw new TransportException($"The connection is broken: {reason}");
                if (TryTake(buffer.Span, out var read))
                {
                    Wake(ref _writable);
                    return read;
                }
                _readable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _readable.Task;
            }
            await wait.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            Task wait;
            lock (_lock)
            {
                if (_broken is { } reason)
                    throw new TransportException($"The connection is broken: {reason}");
                if (faults.DropsBytes)
                    return;
                var room = Math.Min(Capacity - _buffered, bytes.Length);
                if (room > 0)
                {
                    _chunks.Enqueue(new Chunk(bytes[..room].ToArray(), time.GetTimestamp() + Ticks(faults.Delay)));
                    _buffered += room;
                    bytes = bytes[room..];
                    Wake(ref _readable);
                    continue;
                }
                _writable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _writable.Task;
            }
            await wait.WaitAsync(cancellationToken);
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            Wake(ref _readable);
        }
    }

    public void Break(string reason)
    {
        lock (_lock)
        {
            _broken ??= reason;
            _timer?.Dispose();
            Wake(ref _readable);
            Wake(ref _writable);
        }
    }

    private bool TryTake(Span<byte> into, out int read)
    {
        read = 0;
        if (!_chunks.TryPeek(out var chunk))
            return _completed;
        var early = chunk.DueTimestamp - time.GetTimestamp();
        if (early > 0)
        {
            _timer ??= time.CreateTimer(static p => ((MemoryPipe)p!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(early * 1000.0 / time.TimestampFrequency))), Timeout.InfiniteTimeSpan);
            return false;
        }
        if (into.IsEmpty)
            return true;
        read = Math.Min(Math.Min(into.Length, chunk.Bytes.Length - chunk.Taken), faults.MaxBytesPerReceive);
        chunk.Bytes.AsSpan(chunk.Taken, read).CopyTo(into);
        chunk.Taken += read;
        _buffered -= read;
        if (chunk.Taken == chunk.Bytes.Length)
            _chunks.Dequeue();
        return true;
    }

    private void OnDue()
    {
        lock (_lock)
            Wake(ref _readable);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static void Wake(ref TaskCompletionSource? waiter)
    {
        waiter?.TrySetResult();
        waiter = null;
    }

    private sealed class Chunk(byte[] bytes, long dueTimestamp)
    {
        public byte[] Bytes { get; } = bytes;

        public long DueTimestamp { get; } = dueTimestamp;

        public int Taken { get; set; }
    }
}
