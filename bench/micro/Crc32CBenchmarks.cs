using Barnabas.Protocol.Records;
using BenchmarkDotNet.Attributes;

namespace Barnabas.Micro;

/// <summary>The checksum of a batch.</summary>
public class Crc32CBenchmarks
{
    private byte[] _bytes = [];

    [Params(128, 16 * 1024, 1024 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _bytes = new byte[Bytes];
        new Random(1).NextBytes(_bytes);
    }

    [Benchmark]
    public uint Compute() => Crc32C.Compute(_bytes);
}
