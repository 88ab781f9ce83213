using System.Buffers;
using Barnabas.Protocol.Buffers;

namespace Barnabas.Protocol.Compression;

/// <summary>
/// Where decompressed records live: pooled arrays, the most that one batch may become, and the most that all may be at one time.
/// Safe for all threads.
/// </summary>
public sealed class BufferPool
{
    private readonly ArrayPool<byte> _arrays;
    private readonly Counter _rented;

    /// <summary>A pool over <paramref name="arrays"/>.</summary>
    /// <param name="arrays">Where arrays come from and return to.</param>
    /// <param name="maxDecompressedBytes">The most bytes one batch may have when decompressed.</param>
    /// <param name="maxRentedBytes">The most bytes that may be out at one time.</param>
    public BufferPool(ArrayPool<byte> arrays, int maxDecompressedBytes, long maxRentedBytes = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDecompressedBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRentedBytes);
        MaxRentedBytes = maxRentedBytes;
        _arrays = arrays;
        _rented = new Counter();
        MaxDecompressedBytes = Math.Min(maxDecompressedBytes, Array.MaxLength);
        Unrefused = maxRentedBytes == long.MaxValue ? this : new BufferPool(this, Math.Min(maxDecompressedBytes, Array.MaxLength));
    }

    private BufferPool(BufferPool counted, int maxDecompressedBytes)
    {
        MaxRentedBytes = long.MaxValue;
        _arrays = counted._arrays;
        _rented = counted._rented;
        MaxDecompressedBytes = maxDecompressedBytes;
        Unrefused = this;
    }

    /// <summary>The process-wide arrays with <see cref="DefaultMaxDecompressedBytes"/>.</summary>
    public static BufferPool Shared { get; } = new(ByteArrayPool.Instance, DefaultMaxDecompressedBytes);

    /// <summary>128 MiB: a hundred times what a broker takes as one batch by default.</summary>
    public const int DefaultMaxDecompressedBytes = 128 * 1024 * 1024;

    /// <summary>The most bytes one batch may have when decompressed.</summary>
    public int MaxDecompressedBytes { get; }

    /// <summary>The most bytes that may be out at one time; arrays may be larger than asked for, by less than as much again.</summary>
    public long MaxRentedBytes { get; }

    /// <summary>How many bytes are out.</summary>
    public long RentedBytes => Interlocked.Read(ref _rented.Bytes);

    /// <summary>The same pool for what a node has to read whatever its peers hold: counted with all else, and never refused.</summary>
    public BufferPool Unrefused { get; }

    internal byte[] Rent(int minimumBytes)
    {
        if (Interlocked.Add(ref _rented.Bytes, minimumBytes) > MaxRentedBytes)
        {
            Interlocked.Add(ref _rented.Bytes, -minimumBytes);
            throw new BufferPoolExhaustedException(MaxRentedBytes);
        }

        var array = _arrays.Rent(minimumBytes);
        Interlocked.Add(ref _rented.Bytes, array.Length - minimumBytes);
        return array;
    }

    internal void Return(byte[] array)
    {
        Interlocked.Add(ref _rented.Bytes, -array.Length);
        _arrays.Return(array);
    }

    private sealed class Counter
    {
        public long Bytes;
    }
}
