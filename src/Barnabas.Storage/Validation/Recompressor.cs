using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Validation;

/// <summary>Writes a batch, whose records were checked, anew in the compression its topic wants.</summary>
internal static class Recompressor
{
    public static Memory<byte> Rebuild(
        ReadOnlyMemory<byte> bytes, CompressionType target, TopicPartition partition, LogConfig config, long nowMs, BufferPool pool)
    {
        var batch = new RecordBatch(bytes);
        const int None = -1;
        if (batch.ProducerId == None ? batch.IsTransactional : batch.ProducerEpoch == None || (batch.BaseSequence < 0 && !batch.IsControl))
        {
            throw new InvalidRecordException(
                $"Producer id {batch.ProducerId}, epoch {batch.ProducerEpoch} and sequence number {batch.BaseSequence} of the batch in the append to {partition} do not go together");
        }
        var options = new RecordBatchOptions
        {
            Codec = config.CompressionLevel is { } level ? CompressionCodecs.Create(target, level) : CompressionCodecs.Get(target),
            TimestampType = config.TimestampType,
            LogAppendTime = config.TimestampType == TimestampType.LogAppendTime ? nowMs : RecordBatchLayout.NoTimestamp,
            ProducerId = batch.ProducerId,
            ProducerEpoch = batch.ProducerEpoch,
            BaseSequence = batch.BaseSequence,
            IsTransactional = batch.IsTransactional,
            IsControl = batch.IsControl,
        };
        using var builder = new RecordBatchBuilder(options, bytes.Length, pool);
        foreach (ref readonly var record in batch.Records(pool))
        {
            if (record.Timestamp < RecordBatchLayout.NoTimestamp)
                throw new InvalidRecordException($"A record of the batch in the append to {partition} has the negative timestamp {record.Timestamp}");
            builder.Append(record.Timestamp, record.Key, record.Value, record.HeaderCount == 0 ? null : record.Headers.ToArray());
        }

        var rebuilt = builder.Build();
        if (rebuilt.Length > config.MaxMessageBytes)
        {
            throw new KafkaException(
                ErrorCode.MessageTooLarge,
                $"Message batch size is {rebuilt.Length} bytes in append to partition {partition} which exceeds the maximum configured size of {config.MaxMessageBytes}.");
        }

        return rebuilt.ToArray();
    }
}
