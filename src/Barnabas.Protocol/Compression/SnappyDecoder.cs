using System.Buffers.Binary;
using Barnabas.Protocol.Records;

namespace Barnabas.Protocol.Compression;

/// <summary>Decodes one bare snappy block (google/snappy, format_description.txt) straight into pooled memory.</summary>
internal static class SnappyDecoder
{
    // A copy element of 3 bytes makes at most 64 bytes, a literal less: the claimed length has to fit that.
    private const int MostExpansion = 64;

    public static void Decode(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        var length = ReadLength(ref source);
        if (length > (long)source.Length * MostExpansion)
            throw Corrupt();
        if (length > destination.LimitBytes - destination.WrittenBytes)
            throw new DecompressedSizeExceededException(destination.LimitBytes);
        if (length == 0)
        {
            if (!source.IsEmpty)
                throw Corrupt();
            return;
        }
        DecodeElements(source, destination.GetSpan((int)length)[..(int)length]);
        destination.Advance((int)length);
    }

    private static uint ReadLength(ref ReadOnlySpan<byte> source)
    {
        ulong length = 0;
        for (var i = 0; i < 5 && i < source.Length; i++)
        {
            length |= (ulong)(source[i] & 0x7f) << (7 * i);
            if (source[i] >= 0x80)
                continue;
            source = source[(i + 1)..];
            return length <= uint.MaxValue ? (uint)length : throw Corrupt();
        }
        throw Corrupt();
    }

    private static void DecodeElements(ReadOnlySpan<byte> source, Span<byte> output)
    {
        var written = 0;
        var position = 0;
        while (position < source.Length)
        {
            var tag = source[position++];
            if ((tag & 3) == 0)
            {
                var length = LiteralLength(source, tag >> 2, ref position);
                if (length > source.Length - position || length > output.Length - written)
                    throw Corrupt();
                source.Slice(position, (int)length).CopyTo(output[written..]);
                position += (int)length;
                written += (int)length;
            }
            else
            {
                var (length, distance) = ReadCopy(source, tag, ref position);
                if (distance == 0 || distance > written || length > output.Length - written)
                    throw Corrupt();
                Copy(output, written, (int)distance, length);
                written += length;
            }
        }
        if (written != output.Length)
            throw Corrupt();
    }

    private static long LiteralLength(ReadOnlySpan<byte> source, int code, ref int position)
    {
        if (code < 60)
            return code + 1;
        var bytes = code - 59;
        if (bytes > source.Length - position)
            throw Corrupt();
        uint length = 0;
        for (var i = 0; i < bytes; i++)
            length |= (uint)source[position + i] << (8 * i);
        position += bytes;
        return length + 1L;
    }

    private static (int Length, uint Distance) ReadCopy(ReadOnlySpan<byte> source, byte tag, ref int position)
    {
        var bytes = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
        if (bytes > source.Length - position)
            throw Corrupt();
        var operand = source.Slice(position, bytes);
        position += bytes;
        return bytes switch
        {
            1 => (4 + ((tag >> 2) & 7), ((uint)(tag & 0xe0) << 3) | operand[0]),
            2 => ((tag >> 2) + 1, BinaryPrimitives.ReadUInt16LittleEndian(operand)),
            _ => ((tag >> 2) + 1, BinaryPrimitives.ReadUInt32LittleEndian(operand)),
        };
    }

    // Source and target overlap when the distance is shorter than the length: the pattern repeats.
    private static void Copy(Span<byte> output, int written, int distance, int length)
    {
        if (distance >= length)
        {
            output.Slice(written - distance, length).CopyTo(output[written..]);
            return;
        }
        if (distance == 1)
        {
            output.Slice(written, length).Fill(output[written - 1]);
            return;
        }
        for (var i = 0; i < length; i++)
            output[written + i] = output[written - distance + i];
    }

    private static InvalidRecordException Corrupt() => new("Failed to decompress record stream: corrupt snappy block.");
}
