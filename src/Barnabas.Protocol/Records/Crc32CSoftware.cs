using System.Buffers.Binary;

namespace Barnabas.Protocol.Records;

/// <summary>CRC-32C for processors without the instruction: eight bytes a step by eight tables.</summary>
internal static class Crc32CSoftware
{
    /// <summary>The Castagnoli polynomial, lowest power in the highest bit.</summary>
    public const uint Polynomial = 0x82f63b78;

    private static readonly uint[][] Tables = MakeTables();

    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var tables = Tables;
        for (; data.Length >= 8; data = data[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ crc;
            crc = tables[7][word & 0xff]
                ^ tables[6][(word >> 8) & 0xff]
                ^ tables[5][(word >> 16) & 0xff]
                ^ tables[4][(word >> 24) & 0xff]
                ^ tables[3][(word >> 32) & 0xff]
                ^ tables[2][(word >> 40) & 0xff]
                ^ tables[1][(word >> 48) & 0xff]
                ^ tables[0][word >> 56];
        }
        foreach (var value in data)
            crc = tables[0][(crc ^ value) & 0xff] ^ (crc >> 8);
        return crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var i = 0; i < tables.Length; i++)
            tables[i] = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[0][value] = crc;
        }
        for (var i = 1; i < tables.Length; i++)
        {
            for (var value = 0; value < 256; value++)
                tables[i][value] = tables[0][tables[i - 1][value] & 0xff] ^ (tables[i - 1][value] >> 8);
        }
        return tables;
    }
}
