using System.Buffers.Binary;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Compression;

/// <summary>
/// Snappy as Java's SnappyOutputStream frames it: a header of 16 bytes, then blocks of up to 32 KiB, each after its
/// compressed length in big-endian. librdkafka and others send one bare block instead, which is read too.
/// </summary>
internal sealed class SnappyCodec : ICompressionCodec
{
    private const int BlockBytes = 32 * 1024;
    private const int HeaderBytes = 16;

    // 0x82 SNAPPY 0x00, then version 1 and the lowest version that can read it, 1.
    private static ReadOnlySpan<byte> Header => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1];

    public CompressionType Type => CompressionType.Snappy;

    public void Compress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        destination.Write(Header);
        while (!source.IsEmpty)
        {
            var block = source[..Math.Min(BlockBytes, source.Length)];
            source = source[block.Length..];
            var span = destination.GetSpan(4 + SnappyEncoder.MaxEncodedLength(block.Length));
            var length = SnappyEncoder.Encode(block, span[4..]);
            BinaryPrimitives.WriteInt32BigEndian(span, length);
            destination.Advance(4 + length);
        }
    }

    public void Decompress(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        if (source.Length < HeaderBytes || !source[..8].SequenceEqual(Header[..8]))
        {
            SnappyDecoder.Decode(source, destination);
            return;
        }
        var version = BinaryPrimitives.ReadInt32BigEndian(source[8..]);
        if (version < 1)
            throw new InvalidRecordException($"Failed to decompress record stream: snappy framing version {version} is unknown.");
        source = source[HeaderBytes..];
        while (!source.IsEmpty)
        {
            // Streams written one after another each bring their header.
            if (source.Length >= HeaderBytes && source[..8].SequenceEqual(Header[..8]))
            {
                source = source[HeaderBytes..];
                continue;
            }
            if (source.Length < 4)
                throw new InvalidRecordException("Failed to decompress record stream: the snappy stream ends within a block length.");
            var length = BinaryPrimitives.ReadInt32BigEndian(source);
            if (length < 0 || length > source.Length - 4)
                throw new InvalidRecordException($"Failed to decompress record stream: a snappy block of {length} bytes in {source.Length - 4}.");
            SnappyDecoder.Decode(source.Slice(4, length), destination);
            source = source[(4 + length)..];
        }
    }
}
