using System.Buffers;

namespace Barnabas.Protocol.Compression;

/// <summary>
/// Where decompressed records live: pooled arrays, and the most that one batch may become. Safe for all threads.
/// </summary>
public sealed class BufferPool
{
    private readonly ArrayPool<byte> _arrays;

    /// <summary>A pool over <paramref name="arrays"/>.</summary>
    /// <param name="arrays">Where arrays come from and return to.</param>
    /// <param name="maxDecompressedBytes">The most bytes one batch may have when decompressed.</param>
    public BufferPool(ArrayPool<byte> arrays, int maxDecompressedBytes)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDecompressedBytes);
        _arrays = arrays;
        MaxDecompressedBytes = Math.Min(maxDecompressedBytes, Array.MaxLength);
    }

    /// <summary>The process-wide arrays with <see cref="DefaultMaxDecompressedBytes"/>.</summary>
    public static BufferPool Shared { get; } = new(ArrayPool<byte>.Shared, DefaultMaxDecompressedBytes);

    /// <summary>128 MiB: a hundred times what a broker takes as one batch by default.</summary>
    public const int DefaultMaxDecompressedBytes = 128 * 1024 * 1024;

    /// <summary>The most bytes one batch may have when decompressed.</summary>
    public int MaxDecompressedBytes { get; }

    internal byte[] Rent(int minimumBytes) => _arrays.Rent(minimumBytes);

    internal void Return(byte[] array) => _arrays.Return(array);
}
