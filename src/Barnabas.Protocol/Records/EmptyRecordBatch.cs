namespace Barnabas.Protocol.Records;

/// <summary>
/// A batch whose records compaction has all removed. It stays to keep the producer's last sequence number, and with
/// it the offsets it covers.
/// </summary>
public static class EmptyRecordBatch
{
    /// <summary>The bytes of the batch that is left of <paramref name="batch"/> without its records.</summary>
    public static byte[] Of(RecordBatch batch)
    {
        var bytes = new byte[RecordBatchLayout.HeaderBytes];
        new RecordBatchHeader
        {
            BaseOffset = batch.BaseOffset,
            PartitionLeaderEpoch = batch.PartitionLeaderEpoch,
            TimestampType = batch.TimestampType,
            IsTransactional = batch.IsTransactional,
            IsControl = batch.IsControl,
            LastOffsetDelta = batch.LastOffsetDelta,
            BaseTimestamp = RecordBatchLayout.NoTimestamp,
            MaxTimestamp = batch.MaxTimestamp,
            ProducerId = batch.ProducerId,
            ProducerEpoch = batch.ProducerEpoch,
            BaseSequence = batch.BaseSequence,
            RecordCount = 0,
        }.Write(bytes);
        return bytes;
    }
}
