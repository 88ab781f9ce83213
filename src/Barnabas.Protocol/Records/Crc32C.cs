using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;
using Sse42 = System.Runtime.Intrinsics.X86.Sse42;

namespace Barnabas.Protocol.Records;

/// <summary>
/// CRC-32C (Castagnoli), by the processor's instruction where it has one. The instruction has a latency of three
/// cycles and starts one a cycle, so long input runs in three chains that are combined at the end of each stretch.
/// </summary>
public static class Crc32C
{
    private const int LongStretchBytes = 8192;
    private const int ShortStretchBytes = 256;
    private static readonly Crc32CShift LongShift = new(LongStretchBytes);
    private static readonly Crc32CShift ShortShift = new(ShortStretchBytes);

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> stands for followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        if (Sse42.X64.IsSupported)
            return ~AppendX64(~crc, data);
        if (ArmCrc32.Arm64.IsSupported)
            return ~AppendArm64(~crc, data);
        return ~Crc32CSoftware.Append(~crc, data);
    }

    private static uint AppendX64(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 3 * LongStretchBytes)
        {
            crc = ThreeChainsX64(crc, data, LongStretchBytes, LongShift);
            data = data[(3 * LongStretchBytes)..];
        }
        while (data.Length >= 3 * ShortStretchBytes)
        {
            crc = ThreeChainsX64(crc, data, ShortStretchBytes, ShortShift);
            data = data[(3 * ShortStretchBytes)..];
        }
        ulong chain = crc;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            chain = Sse42.X64.Crc32(chain, word);
        crc = (uint)chain;
        foreach (var value in data[(data.Length & ~7)..])
            crc = Sse42.Crc32(crc, value);
        return crc;
    }

    private static uint ThreeChainsX64(uint crc, ReadOnlySpan<byte> data, int stretchBytes, Crc32CShift shift)
    {
        var first = MemoryMarshal.Cast<byte, ulong>(data[..stretchBytes]);
        var second = MemoryMarshal.Cast<byte, ulong>(data.Slice(stretchBytes, stretchBytes));
        var third = MemoryMarshal.Cast<byte, ulong>(data.Slice(2 * stretchBytes, stretchBytes));
        ulong chain0 = crc, chain1 = 0, chain2 = 0;
        for (var i = 0; i < first.Length && i < second.Length && i < third.Length; i++)
        {
            chain0 = Sse42.X64.Crc32(chain0, first[i]);
            chain1 = Sse42.X64.Crc32(chain1, second[i]);
            chain2 = Sse42.X64.Crc32(chain2, third[i]);
        }
        return shift.Apply(shift.Apply((uint)chain0) ^ (uint)chain1) ^ (uint)chain2;
    }

    private static uint AppendArm64(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 3 * LongStretchBytes)
        {
            crc = ThreeChainsArm64(crc, data, LongStretchBytes, LongShift);
            data = data[(3 * LongStretchBytes)..];
        }
        while (data.Length >= 3 * ShortStretchBytes)
        {
            crc = ThreeChainsArm64(crc, data, ShortStretchBytes, ShortShift);
            data = data[(3 * ShortStretchBytes)..];
        }
        for (; data.Length >= 8; data = data[8..])
            crc = ArmCrc32.Arm64.ComputeCrc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var value in data)
            crc = ArmCrc32.ComputeCrc32C(crc, value);
        return crc;
    }

    private static uint ThreeChainsArm64(uint crc, ReadOnlySpan<byte> data, int stretchBytes, Crc32CShift shift)
    {
        var first = MemoryMarshal.Cast<byte, ulong>(data[..stretchBytes]);
        var second = MemoryMarshal.Cast<byte, ulong>(data.Slice(stretchBytes, stretchBytes));
        var third = MemoryMarshal.Cast<byte, ulong>(data.Slice(2 * stretchBytes, stretchBytes));
        uint chain0 = crc, chain1 = 0, chain2 = 0;
        for (var i = 0; i < first.Length && i < second.Length && i < third.Length; i++)
        {
            chain0 = ArmCrc32.Arm64.ComputeCrc32C(chain0, first[i]);
            chain1 = ArmCrc32.Arm64.ComputeCrc32C(chain1, second[i]);
            chain2 = ArmCrc32.Arm64.ComputeCrc32C(chain2, third[i]);
        }
        return shift.Apply(shift.Apply(chain0) ^ chain1) ^ chain2;
    }
}
