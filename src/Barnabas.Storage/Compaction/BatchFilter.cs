using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Compaction;

/// <summary>
/// Decides what of a batch stays: records that are the last of their keys, tombstones and markers until their delete horizon (KIP-534),
/// an empty batch where it alone still tells a producer's last sequence number. One thread, one pass over a log.
/// </summary>
internal sealed class BatchFilter(
    OffsetMap map, long mappedEnd, CleanedTransactions transactions, IReadOnlyDictionary<long, LastRecord> producers, long roundEnd, long nowMs, long deleteRetentionMs,
    BufferPool pool)
{
    /// <summary>Records read and kept.</summary>
    public (long Read, long Kept) Records { get; private set; }

    /// <summary>What stays of a batch: the batch itself, another in its place, or nothing.</summary>
    /// <exception cref="InvalidRecordException">The batch cannot be read.</exception>
    public ReadOnlyMemory<byte> Filter(ReadOnlyMemory<byte> bytes)
    {
        var header = new BatchHeader(bytes.Span);
        var batch = new RecordBatch(bytes);
        var canGo = header.IsControl ? transactions.OnControlBatch(header, bytes) : transactions.OnBatch(header);
        var recordsGo = canGo && (!header.IsControl || batch.DeleteHorizonMs <= nowMs);
        var keepsEmpty = IsLastOfProducer(header) || header.NextOffset == roundEnd;
        Records = (Records.Read + header.RecordCount, Records.Kept);
        if (recordsGo)
            return keepsEmpty ? Empty(batch) : default;
        var (kept, hasTombstone) = header.IsControl ? (header.RecordCount, canGo) : Count(batch);
        Records = (Records.Read, Records.Kept + kept);
        if (kept == 0)
            return keepsEmpty ? Empty(batch) : default;
        var needsHorizon = hasTombstone && !batch.HasDeleteHorizon;
        return kept == header.RecordCount && !needsHorizon ? bytes : Rebuild(batch, needsHorizon ? nowMs + deleteRetentionMs : batch.DeleteHorizonMs ?? RecordBatchLayout.NoTimestamp);
    }

    private static ReadOnlyMemory<byte> Empty(RecordBatch batch) => batch.RecordCount == 0 ? batch.Bytes : EmptyRecordBatch.Of(batch);

    private bool IsLastOfProducer(in BatchHeader header) =>
        header.HasProducerId && producers.TryGetValue(header.ProducerId, out var last)
        && (last.DataOffset >= 0 ? header.LastOffset == last.DataOffset : header.IsControl && header.ProducerEpoch == last.ProducerEpoch);

    private (int Kept, bool HasTombstone) Count(RecordBatch batch)
    {
        var kept = 0;
        var hasTombstone = false;
        foreach (ref readonly var record in batch.Records(pool))
        {
            if (!IsKept(batch, record))
                continue;
            kept++;
            hasTombstone |= !record.HasValue;
        }
        return (kept, hasTombstone);
    }

    private bool IsKept(RecordBatch batch, in RecordView record)
    {
        if (record.Offset >= mappedEnd)
            return true;
        // A record without a key cannot be compacted; Kafka drops it too.
        if (!record.HasKey || record.Offset < map.Get(record.KeyBytes.Span))
            return false;
        return record.HasValue || !(batch.DeleteHorizonMs <= nowMs);
    }

    private byte[] Rebuild(RecordBatch batch, long deleteHorizonMs)
    {
        using var builder = new RecordBatchBuilder(
            new RecordBatchOptions
            {
                BaseOffset = batch.BaseOffset,
                Codec = CompressionCodecs.Get(batch.Compression),
                TimestampType = batch.TimestampType,
                LogAppendTime = batch.TimestampType == TimestampType.LogAppendTime ? batch.MaxTimestamp : RecordBatchLayout.NoTimestamp,
                ProducerId = batch.ProducerId,
                ProducerEpoch = batch.ProducerEpoch,
                BaseSequence = batch.BaseSequence,
                IsTransactional = batch.IsTransactional,
                IsControl = batch.IsControl,
                PartitionLeaderEpoch = batch.PartitionLeaderEpoch,
                DeleteHorizonMs = deleteHorizonMs,
            },
            batch.SizeInBytes,
            pool);
        foreach (ref readonly var record in batch.Records(pool))
        {
            if (batch.IsControl || IsKept(batch, record))
                builder.AppendWithOffset(record.Offset, record.Timestamp, record.Key, record.Value, record.HeaderCount == 0 ? null : record.Headers.ToArray());
        }
        builder.OverrideLastOffset(batch.LastOffset);
        return builder.Build().ToArray();
    }
}

/// <summary>The last that a producer wrote.</summary>
/// <param name="DataOffset">The last offset of its last batch of records; -1 where the last was a marker.</param>
/// <param name="ProducerEpoch">Its epoch.</param>
internal readonly record struct LastRecord(long DataOffset, short ProducerEpoch);
