using System.Buffers.Binary;
using System.Numerics;

namespace Barnabas.Protocol.Compression;

/// <summary>
/// Encodes one bare snappy block of at most 64 KiB (google/snappy, format_description.txt): greedy matching over a
/// hash table of positions, stepping faster where nothing matches.
/// </summary>
internal static class SnappyEncoder
{
    private const int TableBits = 14;
    private const int LargestBlock = 65536;

    // Shorter input cannot hold a match worth its tag, and the last bytes are read eight at a time.
    private const int SmallestMatchedBlock = 17;
    private const int MarginBytes = 15;

    /// <summary>The most bytes that <see cref="Encode"/> writes for a block of this length.</summary>
    public static int MaxEncodedLength(int sourceBytes) => 32 + sourceBytes + sourceBytes / 6;

    /// <summary>Writes the block and returns how long it is.</summary>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source.Length, LargestBlock);
        var written = WriteLength(output, source.Length);
        var literalStart = 0;
        if (source.Length >= SmallestMatchedBlock)
            written = EncodeMatches(source, output, written, out literalStart);
        return literalStart < source.Length ? WriteLiteral(source[literalStart..], output, written) : written;
    }

    private static int EncodeMatches(ReadOnlySpan<byte> source, Span<byte> output, int written, out int literalStart)
    {
        Span<ushort> table = stackalloc ushort[1 << TableBits];
        table.Clear();
        var limit = source.Length - MarginBytes;
        literalStart = 0;
        var position = 1;
        while (true)
        {
            var skip = 32;
            int candidate;
            while (true)
            {
                if (position >= limit)
                    return written;
                var hash = Hash(Load32(source, position));
                candidate = table[hash];
                table[hash] = (ushort)position;
                if (Load32(source, position) == Load32(source, candidate))
                    break;
                position += skip++ >> 5;
            }
            if (position > literalStart)
                written = WriteLiteral(source[literalStart..position], output, written);
            do
            {
                var length = 4 + MatchLength(source, candidate + 4, position + 4);
                written = WriteCopies(output, written, position - candidate, length);
                position += length;
                literalStart = position;
                if (position >= limit)
                    return written;
                table[Hash(Load32(source, position - 1))] = (ushort)(position - 1);
                var hash = Hash(Load32(source, position));
                candidate = table[hash];
                table[hash] = (ushort)position;
            }
            while (Load32(source, position) == Load32(source, candidate));
            position++;
        }
    }

    private static int MatchLength(ReadOnlySpan<byte> source, int candidate, int position)
    {
        var length = 0;
        while (position + length + 8 <= source.Length)
        {
            var difference = BinaryPrimitives.ReadUInt64LittleEndian(source[(candidate + length)..])
                ^ BinaryPrimitives.ReadUInt64LittleEndian(source[(position + length)..]);
            if (difference != 0)
                return length + (BitOperations.TrailingZeroCount(difference) >> 3);
            length += 8;
        }
        while (position + length < source.Length && source[candidate + length] == source[position + length])
            length++;
        return length;
    }

    private static int WriteLength(Span<byte> output, int length)
    {
        var written = 0;
        var rest = (uint)length;
        while (rest >= 0x80)
        {
            output[written++] = (byte)(rest | 0x80);
            rest >>= 7;
        }
        output[written++] = (byte)rest;
        return written;
    }

    private static int WriteLiteral(ReadOnlySpan<byte> literal, Span<byte> output, int written)
    {
        var code = literal.Length - 1;
        if (code < 60)
        {
            output[written++] = (byte)(code << 2);
        }
        else if (code < 256)
        {
            output[written++] = 60 << 2;
            output[written++] = (byte)code;
        }
        else
        {
            output[written++] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(output[written..], (ushort)code);
            written += 2;
        }
        literal.CopyTo(output[written..]);
        return written + literal.Length;
    }

    // A copy takes up to 64 bytes; the rest is never left below four, which no one-byte-offset copy could take.
    private static int WriteCopies(Span<byte> output, int written, int distance, int length)
    {
        while (length >= 68)
        {
            written = WriteLongCopy(output, written, distance, 64);
            length -= 64;
        }
        if (length > 64)
        {
            written = WriteLongCopy(output, written, distance, 60);
            length -= 60;
        }
        if (length >= 12 || distance >= 2048)
            return WriteLongCopy(output, written, distance, length);
        output[written] = (byte)(((distance >> 8) << 5) | ((length - 4) << 2) | 1);
        output[written + 1] = (byte)distance;
        return written + 2;
    }

    private static int WriteLongCopy(Span<byte> output, int written, int distance, int length)
    {
        output[written] = (byte)(((length - 1) << 2) | 2);
        BinaryPrimitives.WriteUInt16LittleEndian(output[(written + 1)..], (ushort)distance);
        return written + 3;
    }

    private static uint Load32(ReadOnlySpan<byte> source, int position) => BinaryPrimitives.ReadUInt32LittleEndian(source[position..]);

    private static int Hash(uint value) => (int)((value * 0x1e35a7bdu) >> (32 - TableBits));
}
