using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage;

namespace Barnabas.Coordination.Tests.Support;

/// <summary>Coordinator logs in memory, whose appends can fail and whose high watermark can lag.</summary>
internal sealed class MemoryLogs : ICoordinatorLogs
{
    private readonly List<byte[]> _batches = [];

    public bool IsLeader { get; set; } = true;

    public ErrorCode? AppendError { get; set; }

    public ErrorCode? ReadError { get; set; }

    public bool HoldsHighWatermark { get; set; }

    public int MaxBatchBytes { get; set; } = 1_000_000;

    public int AppendCount { get; private set; }

    public long EndOffset { get; set; }

    public long HighWatermark { get; private set; }

    public IReadOnlyList<byte[]> Batches => _batches;

    private Action<long>? Listener { get; set; }

    public ICoordinatorPartition Open(TopicPartition topicPartition, Action<long> onHighWatermark)
    {
        if (!IsLeader)
            throw new KafkaException(ErrorCode.NotLeaderOrFollower);

        Listener = onHighWatermark;
        return new MemoryPartition(this);
    }

    public void Commit()
    {
        HighWatermark = EndOffset;
        Listener?.Invoke(HighWatermark);
    }

    public void AddBatch(byte[] batch)
    {
        RecordBatchMutator.SetBaseOffset(batch, EndOffset);
        EndOffset += new RecordBatch(batch).RecordCount;
        _batches.Add(batch);
        if (!HoldsHighWatermark)
            HighWatermark = EndOffset;
    }

    private sealed class MemoryPartition(MemoryLogs logs) : ICoordinatorPartition
    {
        public int MaxBatchBytes => logs.MaxBatchBytes;

        public BufferPool Decompression => BufferPool.Shared;

        public long LogStartOffset => 0;

        public long LogEndOffset => logs.EndOffset;

        public long HighWatermark => logs.HighWatermark;

        public long Append(Memory<byte> batch, int leaderEpoch, in TransactionAppend transaction = default)
        {
            logs.AppendCount++;
            if (logs.AppendError is { } error)
                throw new KafkaException(error);

            logs.AddBatch(batch.ToArray());
            return logs.EndOffset;
        }

        public CoordinatorLogSlice Read(long offset, int maxBytes)
        {
            if (logs.ReadError is { } error)
                throw new KafkaException(error);

            foreach (var batch in logs._batches)
            {
                if (new RecordBatch(batch).LastOffset >= offset)
                    return new CoordinatorLogSlice(batch, null);
            }

            return new CoordinatorLogSlice(default, null);
        }

        public void Dispose() => logs.Listener = null;
    }
}
