using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Validation;

/// <summary>A batch fit to be written once its base offset and leader epoch are set.</summary>
internal readonly record struct ValidatedBatch(Memory<byte> Records, long LogAppendTimeMs);

/// <summary>
/// What a leader demands of a batch before it gives it offsets. Runs before the log's lock is taken. Every record is
/// walked, those of compressed batches in pooled memory, without copying keys or values: a batch that no consumer could
/// read never enters the log.
/// </summary>
internal static class LogValidator
{
    public static ValidatedBatch Validate(Memory<byte> records, TopicPartition partition, LogConfig config, AppendOrigin origin, long nowMs, BufferPool pool)
    {
        var batch = SingleBatch(records.Span, partition, config, origin);
        var bytes = records[..batch.SizeInBytes];
        var source = (CompressionType)batch.CompressionId;
        var target = config.CompressionType ?? source;
        // Control records stay as they are unless they came compressed.
        var recompress = source != target && !(source == CompressionType.None && batch.IsControl);
        var walked = CheckRecords(new RecordBatch(bytes), partition, config, nowMs, pool);
        if (!walked.AreConsecutive && origin == AppendOrigin.Client)
        {
            // Old clients number compressed records wrongly: those batches are written anew, as Kafka does.
            recompress |= source != CompressionType.None;
            if (!recompress)
                throw new InvalidRecordException($"The records of the batch in the append to {partition} are not numbered from 0 without gaps");
        }

        if (recompress)
            return new ValidatedBatch(Recompressor.Rebuild(bytes, target, partition, config, nowMs, pool), AppendTime(config, nowMs));
        SetTimestamp(bytes.Span, batch, config, walked.MaxTimestamp, nowMs);
        return new ValidatedBatch(bytes, AppendTime(config, nowMs));
    }

    /// <exception cref="RecordValidationException">Some records are refused.</exception>
    /// <exception cref="InvalidRecordException">The records do not decompress, break the format, or are not as many as the head says.</exception>
    /// <exception cref="DecompressedSizeExceededException">They are larger than the pool allows.</exception>
    /// <exception cref="BufferPoolExhaustedException">Others have all of the pool's memory.</exception>
    private static WalkedRecords CheckRecords(RecordBatch batch, TopicPartition partition, LogConfig config, long nowMs, BufferPool pool)
    {
        List<RecordError>? errors = null;
        var timestampErrors = false;
        var maxTimestamp = RecordBatchLayout.NoTimestamp;
        var areConsecutive = true;
        var index = 0;
        var keysRequired = config.Compact && !batch.IsControl;
        var isCreateTime = config.TimestampType == TimestampType.CreateTime;
        var isLogAppendTimeBatch = batch.TimestampType == TimestampType.LogAppendTime;
        foreach (ref readonly var record in batch.Records(pool))
        {
            areConsecutive &= record.OffsetDelta == index;
            var timestamp = record.Timestamp;
            if (keysRequired && !record.HasKey)
            {
                (errors ??= []).Add(new RecordError(index, $"Compacted topic cannot accept message without key in topic partition {partition}"));
            }
            else if (isCreateTime && timestamp != RecordBatchLayout.NoTimestamp)
            {
                if (IsOutOfRange(timestamp, config, nowMs))
                {
                    (errors ??= []).Add(new RecordError(index, OutOfRange(timestamp, record.Offset, config, nowMs)));
                    timestampErrors = true;
                }
            }
            else if (isLogAppendTimeBatch)
            {
                (errors ??= []).Add(new RecordError(index, $"Invalid timestamp type in message at offset {record.Offset}. Producer should not set timestamp type to LogAppendTime."));
                timestampErrors = true;
            }

            if (timestamp > maxTimestamp)
                maxTimestamp = timestamp;
            index++;
        }

        if (errors is not null)
            throw Refusal(errors, timestampErrors);
        return new WalkedRecords(maxTimestamp, areConsecutive);
    }

    private static BatchHeader SingleBatch(ReadOnlySpan<byte> bytes, TopicPartition partition, LogConfig config, AppendOrigin origin)
    {
        if (bytes.Length < RecordBatchLayout.UpToMagicBytes)
            throw new InvalidRecordException("Record batch has no batches at all");
        var magic = bytes[RecordBatchLayout.UpToMagicBytes - 1];
        if (magic != RecordBatchLayout.CurrentMagic)
            throw new InvalidRecordException($"Record batches in topic partition {partition} are only allowed with magic version 2, not {magic}");
        if (bytes.Length < BatchHeader.Size)
            throw new InvalidRecordException("Record batch has no batches at all");
        var batch = new BatchHeader(bytes);
        var size = batch.SizeInBytes;
        if (size < BatchHeader.Size || size > bytes.Length)
            throw new CorruptRecordException($"Record batch of {size} bytes in the append to {partition} does not fit the {bytes.Length} bytes sent");
        if (size < bytes.Length)
            throw new InvalidRecordException("Compressed outer record has more than one batch");
        if (origin == AppendOrigin.Client && batch.BaseOffset != 0)
            throw new InvalidRecordException($"The baseOffset of the record batch in the append to {partition} should be 0, but it is {batch.BaseOffset}");
        if (size > config.MaxMessageBytes)
            throw new KafkaException(ErrorCode.MessageTooLarge, $"The record batch size in the append to {partition} is {size} bytes which exceeds the maximum configured value of {config.MaxMessageBytes}.");
        if (Crc32C.Compute(bytes[BatchHeader.AttributesPosition..]) != batch.Crc)
            throw new CorruptRecordException($"Record is corrupt (stored crc = {batch.Crc}) in topic partition {partition}.");
        if (batch.CompressionId > (int)CompressionType.Zstd)
            throw new InvalidRecordException($"Unknown compression type id: {batch.CompressionId} in topic partition {partition}");
        var count = batch.RecordCount;
        if (origin != AppendOrigin.Client)
        {
            if (count <= 0 || batch.LastOffsetDelta != count - 1)
                throw new InvalidRecordException($"Inconsistent batch offset range and count of records {count} in topic partition {partition}");
            return batch;
        }

        if (batch.LastOffsetDelta < 0)
            throw new InvalidRecordException($"Batch has an invalid offset range: [{batch.BaseOffset}, {batch.LastOffset}] in topic partition {partition}");
        if (count <= 0)
            throw new InvalidRecordException($"Invalid reported count for record batch: {count} in topic partition {partition}");
        if (batch.LastOffsetDelta != count - 1)
            throw new InvalidRecordException($"Inconsistent batch offset range [{batch.BaseOffset}, {batch.LastOffset}] and count of records {count} in topic partition {partition}");
        if (batch.IsControl)
            throw new InvalidRecordException($"Clients are not allowed to write control records in topic partition {partition}");
        if (batch.HasProducerId && batch.BaseSequence < 0)
            throw new InvalidRecordException($"Invalid sequence number {batch.BaseSequence} in record batch with producerId {batch.ProducerId} in topic partition {partition}");
        return batch;
    }

    private static bool IsOutOfRange(long timestamp, LogConfig config, long nowMs)
    {
        var difference = nowMs - timestamp;
        return difference > config.TimestampBeforeMaxMs || -difference > config.TimestampAfterMaxMs;
    }

    private static string OutOfRange(long timestamp, long offset, LogConfig config, long nowMs) =>
        $"Timestamp {timestamp} of message with offset {offset} is out of range. The timestamp should be within "
        + $"[{unchecked(nowMs - config.TimestampBeforeMaxMs)}, {unchecked(nowMs + config.TimestampAfterMaxMs)}]";

    private static RecordValidationException Refusal(List<RecordError> errors, bool timestampErrors) => timestampErrors
        ? new RecordValidationException(ErrorCode.InvalidTimestamp, "One or more records have been rejected due to invalid timestamp", errors)
        : new RecordValidationException(
            ErrorCode.InvalidRecord,
            $"One or more records have been rejected due to {errors.Count} record errors in total, and only showing the first three errors at most: "
            + $"[{string.Join(", ", errors.Take(3).Select(static e => $"RecordError(batchIndex={e.BatchIndex}, message='{e.Message}')"))}]",
            errors);

    private static void SetTimestamp(Span<byte> bytes, BatchHeader batch, LogConfig config, long maxTimestamp, long nowMs)
    {
        if (config.TimestampType == TimestampType.LogAppendTime)
            RecordBatchMutator.SetMaxTimestamp(bytes, TimestampType.LogAppendTime, nowMs);
        else if (batch.IsLogAppendTime || batch.MaxTimestamp != maxTimestamp)
            RecordBatchMutator.SetMaxTimestamp(bytes, TimestampType.CreateTime, maxTimestamp);
    }

    private static long AppendTime(LogConfig config, long nowMs) => config.TimestampType == TimestampType.LogAppendTime ? nowMs : -1;

    private readonly record struct WalkedRecords(long MaxTimestamp, bool AreConsecutive);
}
