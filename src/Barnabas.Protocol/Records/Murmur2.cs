using System.Buffers.Binary;

namespace Barnabas.Protocol.Records;

/// <summary>Kafka's variant of MurmurHash2: what every client's default partitioner hashes keys with.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint M = 0x5bd1e995;
    private const int R = 24;

    /// <summary>The hash, signed as in Java.</summary>
    public static int Hash(ReadOnlySpan<byte> data)
    {
        var h = Seed ^ (uint)data.Length;
        for (; data.Length >= 4; data = data[4..])
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(data);
            k *= M;
            k ^= k >> R;
            k *= M;
            h *= M;
            h ^= k;
        }
        if (data.Length == 3)
            h ^= (uint)data[2] << 16;
        if (data.Length >= 2)
            h ^= (uint)data[1] << 8;
        if (data.Length >= 1)
        {
            h ^= data[0];
            h *= M;
        }
        h ^= h >> 13;
        h *= M;
        h ^= h >> 15;
        return (int)h;
    }

    /// <summary>Clears the sign bit, as Kafka does before taking the remainder; not the absolute value.</summary>
    public static int ToPositive(int hash) => hash & 0x7fffffff;

    /// <summary>The partition that Kafka's default partitioner gives a key.</summary>
    public static int PartitionForKey(ReadOnlySpan<byte> key, int partitionCount) => ToPositive(Hash(key)) % partitionCount;
}
