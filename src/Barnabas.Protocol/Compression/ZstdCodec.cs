using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Compression;

/// <summary>
/// Zstandard frames by libzstd. Decompresses in one call straight into the destination, so that no frame can make the
/// library hold a window of its own; a destination that proves too small is made four times as large, up to the limit.
/// </summary>
internal sealed unsafe class ZstdCodec(int level) : ICompressionCodec
{
    private const int SmallestGuessBytes = 16 * 1024;
    private const int ExpansionGuess = 8;

    public CompressionType Type => CompressionType.Zstd;

    public void Compress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        NativeLibraries.RequireZstd();
        var output = destination.GetSpan(checked((int)ZstdNative.CompressBound((nuint)source.Length)));
        nuint written;
        fixed (byte* from = source)
        fixed (byte* to = output)
            written = ZstdNative.Compress(ZstdContext.CompressionOfThread, to, (nuint)output.Length, from, (nuint)source.Length, level);
        if (ZstdNative.IsError(written))
            throw new InvalidOperationException($"libzstd cannot compress {source.Length} bytes: {ZstdNative.ErrorName(written)}.");
        destination.Advance((int)written);
    }

    public void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        NativeLibraries.RequireZstd();
        var room = destination.LimitBytes - destination.WrittenBytes;
        var guess = (int)Math.Min(Math.Max((long)source.Length * ExpansionGuess, SmallestGuessBytes), room);
        while (true)
        {
            destination.EnsureFree(guess);
            var output = destination.FreeBytes > 0 ? destination.GetSpan() : default;
            nuint written;
            fixed (byte* from = source)
            fixed (byte* to = output)
                written = ZstdNative.Decompress(ZstdContext.DecompressionOfThread, to, (nuint)output.Length, from, (nuint)source.Length);
            if (!ZstdNative.IsError(written))
            {
                destination.Advance((int)written);
                return;
            }
            if (!ZstdNative.IsDestinationTooSmall(written))
                throw new InvalidRecordException($"Failed to decompress record stream: {ZstdNative.ErrorName(written)}.");
            if (output.Length >= room)
                throw new DecompressedSizeExceededException(destination.LimitBytes);
            guess = (int)Math.Min(output.Length * 4L, room);
        }
    }
}
