using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Compression;

/// <summary>LZ4 frames by liblz4, written as Java does: independent blocks of 64 KiB, no checksums.</summary>
internal sealed unsafe class Lz4Codec(int level) : ICompressionCodec
{
    private const int SmallestStepBytes = 4096;

    // Kafka's default level stands for the fast compressor, every other for the high-compression one, whose lowest
    // level in the frame API is 3 and highest 12.
    private readonly int _frameLevel = level == CompressionTypes.DefaultLevel(CompressionType.Lz4) ? 0 : Math.Clamp(level, 3, 12);

    public CompressionType Type => CompressionType.Lz4;

    public void Compress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        NativeLibraries.RequireLz4();
        var preferences = new Lz4Native.Preferences
        {
            BlockSizeId = Lz4Native.BlockOf64KiB,
            BlockMode = Lz4Native.BlocksIndependent,
            CompressionLevel = _frameLevel,
        };
        var output = destination.GetSpan(checked((int)Lz4Native.CompressFrameBound((nuint)source.Length, &preferences)));
        nuint written;
        fixed (byte* from = source)
        fixed (byte* to = output)
            written = Lz4Native.CompressFrame(to, (nuint)output.Length, from, (nuint)source.Length, &preferences);
        if (Lz4Native.IsError(written))
            throw new InvalidOperationException($"liblz4 cannot compress {source.Length} bytes: {Lz4Native.ErrorName(written)}.");
        destination.Advance((int)written);
    }

    public void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        NativeLibraries.RequireLz4();
        var context = Lz4DecompressionContext.OfThread;
        byte past;
        fixed (byte* from = source)
        {
            nuint read = 0;
            nuint expected = 1;
            while (true)
            {
                // A full buffer gets one byte beside it, to tell the frame's end from one that wants more room.
                var full = destination.WrittenBytes == destination.LimitBytes;
                var output = full ? default : destination.GetSpan(Math.Min(SmallestStepBytes, destination.LimitBytes - destination.WrittenBytes));
                var produced = full ? 1 : (nuint)output.Length;
                var consumed = (nuint)source.Length - read;
                fixed (byte* to = output)
                    expected = Lz4Native.Decompress(context, full ? &past : to, ref produced, from + read, ref consumed, null);
                if (Lz4Native.IsError(expected))
                    throw new InvalidRecordException($"Failed to decompress record stream: {Lz4Native.ErrorName(expected)}.");
                read += consumed;
                if (full && produced > 0)
                    throw new DecompressedSizeExceededException(destination.LimitBytes);
                if (!full)
                    destination.Advance((int)produced);
                var exhausted = read == (nuint)source.Length;
                if (exhausted && expected == 0)
                    return;
                if (exhausted && consumed == 0 && produced == 0)
                    throw new InvalidRecordException("Failed to decompress record stream: the LZ4 frame ends too early.");
            }
        }
    }
}
