namespace Barnabas.Protocol.Compression;

/// <summary>
/// One codec at one level. Holds no state of a batch: one instance serves all threads at once.
/// </summary>
public interface ICompressionCodec
{
    /// <summary>What this codec writes into a batch's attributes.</summary>
    CompressionType Type { get; }

    /// <summary>Compresses <paramref name="source"/> and appends the result to <paramref name="destination"/>.</summary>
    /// <exception cref="CompressionUnavailableException">The native library is not installed.</exception>
    void Compress(ReadOnlySpan<byte> source, PooledBuffer destination);

    /// <summary>Decompresses <paramref name="source"/> and appends the result to <paramref name="destination"/>.</summary>
    /// <exception cref="Records.InvalidRecordException">The bytes are not what this codec writes.</exception>
    /// <exception cref="DecompressedSizeExceededException">The result is larger than the destination may grow.</exception>
    /// <exception cref="CompressionUnavailableException">The native library is not installed.</exception>
    void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination);
}
