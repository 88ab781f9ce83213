using System.Numerics;
using System.Runtime.CompilerServices;

namespace Barnabas.Protocol.Records;

/// <summary>The zigzag variable-length integers of records.</summary>
internal static class Varint
{
    public const int MostBytesOfInt32 = 5;
    public const int MostBytesOfInt64 = 10;

    public static int SizeOf(int value) => SizeOfUnsigned((uint)((value << 1) ^ (value >> 31)));

    public static int SizeOf(long value)
    {
        var bits = BitOperations.Log2((ulong)((value << 1) ^ (value >> 63)) | 1) + 1;
        return (bits + 6) / 7;
    }

    public static int Write(Span<byte> output, int value) => WriteUnsigned(output, (uint)((value << 1) ^ (value >> 31)));

    public static int Write(Span<byte> output, long value) => WriteUnsigned(output, (ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Reads at <paramref name="position"/> and moves it; false when the bytes end or the number is too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> input, ref int position, out int value)
    {
        if ((uint)position < (uint)input.Length && input[position] < 0x80)
        {
            uint first = input[position++];
            value = (int)(first >> 1) ^ -(int)(first & 1);
            return true;
        }
        return TryReadLong(input, ref position, out value);
    }

    /// <summary>Reads at <paramref name="position"/> and moves it; false when the bytes end or the number is too long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> input, ref int position, out long value)
    {
        ulong raw = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if ((uint)position >= (uint)input.Length)
                break;
            var next = input[position++];
            raw |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }
        value = 0;
        return false;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> input, ref int position, out int value)
    {
        uint raw = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if ((uint)position >= (uint)input.Length)
                break;
            var next = input[position++];
            raw |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                value = (int)(raw >> 1) ^ -(int)(raw & 1);
                return true;
            }
        }
        value = 0;
        return false;
    }

    private static int SizeOfUnsigned(uint value) => (BitOperations.Log2(value | 1) + 7) / 7;

    private static int WriteUnsigned(Span<byte> output, ulong value)
    {
        var written = 0;
        while (value >= 0x80)
        {
            output[written++] = (byte)(value | 0x80);
            value >>= 7;
        }
        output[written++] = (byte)value;
        return written;
    }
}
