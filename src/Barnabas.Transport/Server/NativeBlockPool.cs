namespace Barnabas.Transport.Server;

/// <summary>
/// Keeps a few blocks of large requests for the next ones: memory that the system gives anew costs a page fault for each page, a
/// third of the time of such a request. An idle node gives them back with <see cref="Trim"/>. Thread-safe.
/// </summary>
public sealed class NativeBlockPool
{
    // As much as a handful of large requests takes, or two of a thousand partitions.
    private const long KeptBytesOfProcess = 64 * 1024 * 1024;

    private readonly long _mostBytes;
    private readonly List<NativeBlock> _kept = [];

    internal NativeBlockPool(long mostBytes) => _mostBytes = mostBytes;

    /// <summary>The pool of the process.</summary>
    public static NativeBlockPool Instance { get; } = new(KeptBytesOfProcess);

    /// <summary>What nobody has rented now, in bytes.</summary>
    internal long KeptBytes
    {
        get
        {
            lock (_kept)
                return _kept.Sum(block => (long)block.Capacity);
        }
    }

    /// <summary>A block of exactly so many bytes, with anything in them.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    internal NativeBlock Rent(int bytes)
    {
        if (Take(bytes) is not { } block)
            return new NativeBlock(bytes);
        try
        {
            block.Resize(bytes);
            return block;
        }
        catch (OutOfMemoryException)
        {
            Free(block);
            throw;
        }
    }

    /// <summary>Takes back a block that nobody uses any more.</summary>
    internal void Return(NativeBlock block)
    {
        lock (_kept)
        {
            if (KeptBytes + block.Capacity <= _mostBytes)
            {
                _kept.Add(block);
                return;
            }
        }

        Free(block);
    }

    /// <summary>Gives what nobody has rented back to the system.</summary>
    public void Trim()
    {
        NativeBlock[] unused;
        lock (_kept)
        {
            unused = [.. _kept];
            _kept.Clear();
        }

        foreach (var block in unused)
            Free(block);
    }

    // The smallest that is large enough; else the largest, which is enlarged without copying.
    private NativeBlock? Take(int bytes)
    {
        lock (_kept)
        {
            var best = _kept.Where(block => block.Capacity >= bytes).MinBy(block => block.Capacity) ?? _kept.MaxBy(block => block.Capacity);
            if (best is not null)
                _kept.Remove(best);
            return best;
        }
    }

    private static void Free(IDisposable block) => block.Dispose();
}
