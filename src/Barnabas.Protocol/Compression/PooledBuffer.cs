using System.Buffers;

namespace Barnabas.Protocol.Compression;

/// <summary>
/// A growing byte buffer on a pooled array with one owner, who disposes it. Not for use by two threads at once.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestArrayBytes = 256;
    private readonly BufferPool _pool;
    private byte[] _array;
    private int _written;

    /// <summary>A buffer that may grow to <paramref name="limitBytes"/>.</summary>
    public PooledBuffer(BufferPool pool, int initialBytes, int limitBytes)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _pool = pool;
        LimitBytes = limitBytes;
        _array = pool.Rent(Math.Max(Math.Min(initialBytes, limitBytes), SmallestArrayBytes));
    }

    /// <summary>The most bytes it holds.</summary>
    public int LimitBytes { get; }

    /// <summary>How many bytes are in it.</summary>
    public int WrittenBytes => _written;

    /// <summary>How many bytes it can take without a larger array.</summary>
    public int FreeBytes => Math.Min(_array.Length, LimitBytes) - _written;

    /// <summary>What was written; good until the next write or disposal.</summary>
    public Memory<byte> WrittenMemory => _array.AsMemory(0, _written);

    /// <summary>What was written; good until the next write or disposal.</summary>
    public Span<byte> WrittenSpan => _array.AsSpan(0, _written);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, FreeBytes);
        _written += count;
    }

    /// <inheritdoc/>
    /// <exception cref="DecompressedSizeExceededException">The limit leaves no room.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(Math.Max(1, sizeHint));
        return _array.AsMemory(_written, FreeBytes);
    }

    /// <inheritdoc/>
    /// <exception cref="DecompressedSizeExceededException">The limit leaves no room.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(Math.Max(1, sizeHint));
        return _array.AsSpan(_written, FreeBytes);
    }

    /// <summary>Appends <paramref name="bytes"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        EnsureFree(bytes.Length);
        bytes.CopyTo(_array.AsSpan(_written));
        _written += bytes.Length;
    }

    /// <summary>Forgets what was written and keeps the array.</summary>
    public void Clear() => _written = 0;

    /// <summary>Makes room for <paramref name="bytes"/> more.</summary>
    /// <exception cref="DecompressedSizeExceededException">The limit leaves no room.</exception>
    public void EnsureFree(int bytes)
    {
        if (bytes > FreeBytes)
            Grow(bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var array = _array;
        _array = [];
        _written = 0;
        if (array.Length > 0)
            _pool.Return(array);
    }

    /// <summary>Hands the array to the caller, who returns it to the pool; the buffer is empty from then on.</summary>
    internal byte[] Detach()
    {
        var array = _array;
        _array = [];
        _written = 0;
        return array;
    }

    private void Grow(int bytes)
    {
        var needed = (long)_written + bytes;
        if (needed > LimitBytes)
            throw new DecompressedSizeExceededException(LimitBytes);
        var larger = _pool.Rent((int)Math.Min(Math.Max(needed, _array.Length * 2L), Math.Max(needed, LimitBytes)));
        _array.AsSpan(0, _written).CopyTo(larger);
        var old = _array;
        _array = larger;
        if (old.Length > 0)
            _pool.Return(old);
    }
}
