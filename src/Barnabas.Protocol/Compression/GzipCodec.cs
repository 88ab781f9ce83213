using System.IO.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Compression;

/// <summary>gzip by the framework's zlib.</summary>
internal sealed class GzipCodec(int level) : ICompressionCodec
{
    // What zlib's own default (-1) stands for; the framework takes 0 to 9 only.
    private const int ZlibDefaultLevel = 6;

    public CompressionType Type => CompressionType.Gzip;

    public void Compress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        using var gzip = new GZipStream(new PooledBufferStream(destination), new ZLibCompressionOptions { CompressionLevel = level == -1 ? ZlibDefaultLevel : level }, leaveOpen: true);
        gzip.Write(source);
    }

    public unsafe void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        // The framework writes nothing at all for nothing.
        if (source.IsEmpty)
            return;
        fixed (byte* bytes = source)
        {
            using var compressed = new UnmanagedMemoryStream(bytes, source.Length);
            using var gzip = new GZipStream(compressed, CompressionMode.Decompress);
            try
            {
                destination.EnsureFree(Math.Min(source.Length, destination.LimitBytes - destination.WrittenBytes));
                while (true)
                {
                    var read = destination.FreeBytes > 0
                        ? gzip.Read(destination.GetSpan())
                        : ReadPastFullBuffer(gzip, destination);
                    if (read == 0)
                        return;
                    destination.Advance(read);
                }
            }
            catch (InvalidDataException e)
            {
                throw new InvalidRecordException("Failed to decompress record stream: " + e.Message, e);
            }
        }
    }

    // The stream may end exactly where the buffer does, so the buffer grows only once there is a byte to put.
    private static int ReadPastFullBuffer(GZipStream gzip, PooledBuffer destination)
    {
        var next = gzip.ReadByte();
        if (next < 0)
            return 0;
        destination.GetSpan()[0] = (byte)next;
        return 1;
    }
}
