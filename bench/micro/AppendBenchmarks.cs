using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage;
using BenchmarkDotNet.Attributes;

namespace Barnabas.Micro;

/// <summary>Validation of one batch and its way into the page cache.</summary>
[MemoryDiagnoser]
public class AppendBenchmarks
{
    private readonly LogFolder _folder = new(new TailCacheBudget());
    private byte[] _batch = [];

    [Params(1, 10, 600)]
    public int Records { get; set; }

    [Params(CompressionType.None, CompressionType.Lz4)]
    public CompressionType Codec { get; set; }

    [GlobalSetup]
    public void SetUp() => _batch = Samples.Batch(Records, 1024, Codec);

    [GlobalCleanup]
    public void CleanUp() => _folder.Dispose();

    [Benchmark]
    public long Append()
    {
        // The append before has set the offset, which a client leaves at zero.
        RecordBatchMutator.SetBaseOffset(_batch, 0);
        return _folder.Log.AppendAsLeader(_batch, 0).LastOffset;
    }
}
