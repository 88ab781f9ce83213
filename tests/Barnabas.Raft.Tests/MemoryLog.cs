using Barnabas.Protocol.Records;
using Barnabas.Raft.Log;

namespace Barnabas.Raft.Tests;

/// <summary>A log in memory that counts flushes and forgets, at a crash, what was not flushed.</summary>
internal sealed class MemoryLog : IRaftLog
{
    private readonly List<byte[]> _batches = [];
    private int _flushedBatches;

    public int Flushes { get; private set; }

    public bool Fails { get; set; }

    public long StartOffset { get; private set; }

    public long EndOffset { get; private set; }

    public int LastEpoch => _batches.Count == 0 ? 0 : new RecordBatch(_batches[^1]).PartitionLeaderEpoch;

    public OffsetAndEpoch? EndOffsetFor(int epoch)
    {
        if (_batches.Count == 0 || epoch > LastEpoch) return null;
        var first = _batches.FindIndex(b => new RecordBatch(b).PartitionLeaderEpoch > epoch);
        if (first < 0) return new OffsetAndEpoch(EndOffset, epoch);
        return new OffsetAndEpoch(new RecordBatch(_batches[first]).BaseOffset, first == 0 ? epoch : new RecordBatch(_batches[first - 1]).PartitionLeaderEpoch);
    }

    public long SizeInBytes => _batches.Sum(b => b.Length);

    public void Append(Memory<byte> batches, int epoch)
    {
        if (Fails) throw new IOException("the disk is full");
        foreach (var batch in RecordBatches.Enumerate(batches))
        {
            Assert.Equal(EndOffset, batch.BaseOffset);
            Assert.Equal(epoch, batch.PartitionLeaderEpoch);
            _batches.Add(batch.Bytes.ToArray());
            EndOffset = batch.NextOffset;
        }
    }

    public void Flush()
    {
        Flushes++;
        _flushedBatches = _batches.Count;
    }

    public void Crash()
    {
        _batches.RemoveRange(_flushedBatches, _batches.Count - _flushedBatches);
        EndOffset = _batches.Count == 0 ? StartOffset : new RecordBatch(_batches[^1]).NextOffset;
    }

    public ReadOnlyMemory<byte> Read(long offset, int maxBytes) =>
        _batches.SelectMany(b => new RecordBatch(b).LastOffset >= offset ? b : []).ToArray();

    public void UpdateHighWatermark(long offset) => Assert.True(offset <= EndOffset);

    public void DeleteBefore(long offset)
    {
        _batches.RemoveAll(b => new RecordBatch(b).LastOffset < offset);
        _flushedBatches = _batches.Count;
        StartOffset = Math.Max(StartOffset, offset);
    }

    public void TruncateFullyAndStartAt(long offset)
    {
        _batches.Clear();
        _flushedBatches = 0;
        StartOffset = EndOffset = offset;
    }

    public void Dispose()
    {
    }
}
