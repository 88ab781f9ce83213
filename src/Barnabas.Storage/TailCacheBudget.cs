using Barnabas.Storage.Segments;

namespace Barnabas.Storage;

/// <summary>The memory that the tails of all logs may hold together; the oldest chunk goes first, whoever owns it.</summary>
public sealed class TailCacheBudget
{
    private readonly Lock _lock = new();
    private readonly Queue<TailChunk> _chunks = new();
    private readonly TailBuffers _buffers = new();
    private long _bytes;
    private int _dead;
    private long _looks;

    /// <summary>A budget with its limits in bytes.</summary>
    public TailCacheBudget(long totalBytes = 32L * 1024 * 1024, int bytesPerLog = 4 * 1024 * 1024)
    {
        TotalBytes = totalBytes;
        BytesPerLog = bytesPerLog;
    }

    /// <summary>The limit over all logs.</summary>
    public long TotalBytes { get; }

    /// <summary>The limit of one log; larger appends are not kept.</summary>
    public int BytesPerLog { get; }

    /// <summary>Gives up the chunks that were neither read nor appended to since the last call, and leaves free memory to the collector once none is asked for any more.</summary>
    public void GiveUpUnused()
    {
        Interlocked.Increment(ref _looks);
        lock (_lock)
        {
            for (var i = _chunks.Count; i > 0; i--)
            {
                var chunk = _chunks.Dequeue();
                if (chunk.TakeUse())
                    _chunks.Enqueue(chunk);
                else
                    EvictUnderLock(chunk);
            }

            _dead = 0;
            _buffers.Trim();
        }
    }

    /// <summary>How often unused chunks were looked for.</summary>
    internal long Looks => Volatile.Read(ref _looks);

    internal byte[] Rent(int bytes)
    {
        lock (_lock)
            return _buffers.Rent(bytes);
    }

    internal void Return(byte[] buffer)
    {
        lock (_lock)
            _buffers.Return(buffer);
    }

    internal void Admit(TailChunk chunk)
    {
        lock (_lock)
        {
            _chunks.Enqueue(chunk);
            _bytes += chunk.Capacity;
            while (_bytes > TotalBytes && _chunks.TryDequeue(out var oldest))
                EvictUnderLock(oldest);
            if (_dead > 64 && _dead > _chunks.Count / 2)
                RemoveDead();
        }
    }

    internal void Evict(TailChunk chunk)
    {
        lock (_lock)
        {
            if (EvictUnderLock(chunk))
                _dead++;
        }
    }

    private bool EvictUnderLock(TailChunk chunk)
    {
        if (!chunk.Evict())
            return false;
        _bytes -= chunk.Capacity;
        return true;
    }

    // Chunks that their own log gave up stay in the queue until they come to its head or are too many.
    private void RemoveDead()
    {
        for (var i = _chunks.Count; i > 0; i--)
        {
            var chunk = _chunks.Dequeue();
            if (!chunk.IsEvicted)
                _chunks.Enqueue(chunk);
        }

        _dead = 0;
    }
}
