using System.Buffers;

namespace Barnabas.Protocol.Buffers;

/// <summary>
/// Byte arrays for frames and records. Small ones are the shared pool's. Large ones are pooled here, so that an idle node
/// can give them all back with <see cref="Trim"/>: the shared pool lets go of one array in a minute. Thread-safe.
/// </summary>
public sealed class ByteArrayPool : ArrayPool<byte>
{
    private const int LargestSharedBytes = 64 * 1024;
    private const int LargestBytes = 4 * 1024 * 1024;
    private const int ArraysOfASizePerProcessor = 8;

    private ArrayPool<byte> _large = NewLarge();

    private ByteArrayPool()
    {
    }

    /// <summary>The pool of the process.</summary>
    public static ByteArrayPool Instance { get; } = new();

    /// <inheritdoc/>
    public override byte[] Rent(int minimumLength) =>
        minimumLength > LargestSharedBytes ? Volatile.Read(ref _large).Rent(minimumLength) : Shared.Rent(minimumLength);

    /// <inheritdoc/>
    public override void Return(byte[] array, bool clearArray = false)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.Length > LargestSharedBytes)
            Volatile.Read(ref _large).Return(array, clearArray);
        else
            Shared.Return(array, clearArray);
    }

    /// <summary>Leaves the large arrays that nobody has rented to the collector.</summary>
    public void Trim() => Volatile.Write(ref _large, NewLarge());

    private static ArrayPool<byte> NewLarge() => Create(LargestBytes, ArraysOfASizePerProcessor * Environment.ProcessorCount);
}
