using Barnabas.Protocol.Records;

namespace Barnabas.Raft.Driver;

/// <content>What listeners hear: snapshots, committed batches and leaders, in the log's order.</content>
public sealed partial class RaftDriver
{
    /// <inheritdoc/>
    public void Register(IRaftListener listener) => _loop.Post(() =>
    {
        var context = new ListenerContext(listener);
        _listeners.Add(context);
        Deliver(context, []);
    });

    /// <summary>Brings a listener up to the high watermark, from the batches just written when they are next in line.</summary>
    private void Deliver(ListenerContext context, List<CommittedBatch> written)
    {
        if (_leader.HighWatermark is not { } highWatermark) return;
        if (written.Count > 0 && written[0].BaseOffset == context.NextOffset && written[^1].LastOffset < highWatermark)
        {
            context.NextOffset = written[^1].LastOffset + 1;
            context.Listener.HandleCommit(written);
        }
        if (context.NextOffset == 0 && _snapshots.Latest is { Offset: > 0 } id)
        {
            context.NextOffset = id.Offset;
            context.Listener.HandleLoadSnapshot(_snapshots.Read(id));
        }
        while (context.NextOffset < highWatermark)
        {
            var batches = ReadCommitted(context.NextOffset, highWatermark);
            context.NextOffset = batches[^1].LastOffset + 1;
            context.Listener.HandleCommit(batches);
        }
        var leader = _leader.Leader;
        if (context.LastLeader != leader)
        {
            context.LastLeader = leader;
            context.Listener.HandleLeaderChange(leader);
        }
    }

    private List<CommittedBatch> ReadCommitted(long from, long highWatermark)
    {
        var bytes = _log.Read(from, MaxReadBytes);
        List<CommittedBatch> batches = [];
        foreach (var batch in RecordBatches.EnumerateComplete(bytes))
        {
            if (batch.BaseOffset >= highWatermark) break;
            if (batch.LastOffset < from) continue;
            batch.EnsureValid();
            List<ReadOnlyMemory<byte>> records = [];
            if (!batch.IsControl)
            {
                foreach (var record in batch.Records(_decompression))
                {
                    // A snapshot may end inside a batch.
                    if (record.Offset >= from) records.Add(record.ValueBytes);
                }
            }
            batches.Add(new CommittedBatch(
                Math.Max(batch.BaseOffset, from), batch.LastOffset, batch.PartitionLeaderEpoch, batch.MaxTimestamp, batch.SizeInBytes, records));
        }
        return batches.Count > 0
            ? batches
            : throw new InvalidDataException($"The metadata log has no batch at offset {from}, though records up to {highWatermark} are committed.");
    }
}
