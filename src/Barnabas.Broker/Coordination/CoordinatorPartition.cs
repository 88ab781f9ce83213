using Barnabas.Broker.Replication;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Storage;

namespace Barnabas.Broker.Coordination;

/// <summary>A replica as a coordinator's shard sees it. Where flush.messages asks for a flush, records count as committed after it.</summary>
internal sealed class CoordinatorPartition : ICoordinatorPartition
{
    private readonly Partition _partition;
    private readonly Func<int> _minInSyncReplicas;
    private readonly Action<long> _onHighWatermark;

    public CoordinatorPartition(Partition partition, Func<int> minInSyncReplicas, Action<long> onHighWatermark)
    {
        _minInSyncReplicas = minInSyncReplicas;
        _partition = partition;
        _onHighWatermark = onHighWatermark;
        partition.AddHighWatermarkListener(onHighWatermark);
    }

    public int MaxBatchBytes => _partition.Log.Config.MaxMessageBytes;

    public long LogStartOffset => _partition.Log.LogStartOffset;

    public long LogEndOffset => _partition.Log.LogEndOffset;

    public BufferPool Decompression => _partition.Log.Decompression;

    public long HighWatermark => _partition.Log.HighWatermark;

    public long Append(Memory<byte> batch, int leaderEpoch, in TransactionAppend transaction = default)
    {
        var info = _partition.Append(batch, leaderEpoch, AppendOrigin.Coordinator, _minInSyncReplicas(), transaction);
        if (info.RequiresFlush)
            _ = CommitAfterFlushAsync(info);
        return info.LogEndOffset;
    }

    public CoordinatorLogSlice Read(long offset, int maxBytes)
    {
        var data = _partition.Log.Read(offset, maxBytes, FetchIsolation.LogEnd, minOneMessage: true);
        return new CoordinatorLogSlice(data.Records, data);
    }

    public void Dispose() => _partition.RemoveHighWatermarkListener(_onHighWatermark);

    private async Task CommitAfterFlushAsync(LogAppendInfo info)
    {
        try
        {
            await _partition.FlushAsync(info);
        }
        catch (KafkaException)
        {
            // The log directory is offline and said so; the coordinator's write times out and its client asks again.
        }
    }
}
