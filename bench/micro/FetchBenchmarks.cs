using Barnabas.Protocol.Records;
using Barnabas.Storage;
using BenchmarkDotNet.Attributes;

namespace Barnabas.Micro;

/// <summary>Reads from memory, and from files by an offset no read came near before (an index look-up).</summary>
[MemoryDiagnoser]
public class FetchBenchmarks
{
    private const int Batches = 4000;
    private const int RecordsPerBatch = 10;
    private readonly LogFolder _cached = new(new TailCacheBudget());
    private readonly LogFolder _uncached = new(new TailCacheBudget(0, 0));
    private long _offset;

    [GlobalSetup]
    public void SetUp()
    {
        foreach (var folder in (LogFolder[])[_cached, _uncached])
        {
            var batch = Samples.Batch(RecordsPerBatch, 1024);
            for (var i = 0; i < Batches; i++)
            {
                RecordBatchMutator.SetBaseOffset(batch, 0);
                folder.Log.AppendAsLeader(batch, 0);
            }
            folder.Log.UpdateHighWatermark(folder.Log.LogEndOffset);
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _cached.Dispose();
        _uncached.Dispose();
    }

    [Benchmark]
    public int Tail() => Read(_cached.Log, _cached.Log.LogEndOffset - RecordsPerBatch, 1024 * 1024);

    [Benchmark]
    public int FileByIndex()
    {
        _offset = (_offset + 7919) % (Batches * RecordsPerBatch);
        return Read(_uncached.Log, _offset, 1);
    }

    [Benchmark]
    public int FileMegabyte() => Read(_uncached.Log, 0, 1024 * 1024);

    private static int Read(UnifiedLog log, long offset, int maxBytes)
    {
        using var data = log.Read(offset, maxBytes, FetchIsolation.HighWatermark, minOneMessage: true);
        return data.Records.Length;
    }
}
