using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Producers;
using Barnabas.Storage.Segments;
using Barnabas.Storage.Validation;

namespace Barnabas.Storage;

public sealed partial class UnifiedLog
{
    // Where flushes are this frequent they cost more than a file that is longer than its content.
    private const long MaxFlushMessagesToReserve = 1000;

    /// <summary>
    /// Validates batches, gives them offsets and the leader epoch in place, and writes them with one call. With
    /// <see cref="AppendOrigin.RaftLeader"/> the offsets and epochs are the caller's.
    /// </summary>
    /// <param name="records">One batch (several for Raft). Changed in place; not kept.</param>
    /// <param name="leaderEpoch">This leader's epoch.</param>
    /// <param name="origin">Who appends.</param>
    /// <param name="transaction">What is known of the transaction the batch belongs to.</param>
    /// <exception cref="RecordValidationException">INVALID_RECORD or INVALID_TIMESTAMP, naming the records.</exception>
    /// <exception cref="KafkaException">
    /// CORRUPT_MESSAGE, MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD, OUT_OF_ORDER_SEQUENCE_NUMBER,
    /// INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, TRANSACTION_COORDINATOR_FENCED; KAFKA_STORAGE_ERROR when the disk failed.
    /// </exception>
    public LogAppendInfo AppendAsLeader(Memory<byte> records, int leaderEpoch, AppendOrigin origin = AppendOrigin.Client, in TransactionAppend transaction = default)
    {
        if (origin is AppendOrigin.RaftLeader or AppendOrigin.Replication)
            return AppendAssigned(records, origin, leaderEpoch);
        LogDirectory.EnsureOnline();
        var config = Config;
        var nowMs = _services.NowMs;
        var validated = LogValidator.Validate(records, TopicPartition, config, origin, nowMs, _services.Decompression);
        var bytes = validated.Records.Span;
        lock (_lock)
        {
            EnsureUsable();
            if (origin == AppendOrigin.Client && FindDuplicate(new BatchHeader(bytes)) is { } duplicate)
                return Duplicate(duplicate);
            RecordBatchMutator.SetBaseOffset(bytes, _logEndOffset);
            RecordBatchMutator.SetPartitionLeaderEpoch(bytes, leaderEpoch);
            return Write(validated.Records, origin, config, nowMs, validated.LogAppendTimeMs, transaction);
        }
    }

    /// <summary>Writes what the leader sent, offsets and epochs as they are.</summary>
    /// <exception cref="KafkaException">CORRUPT_MESSAGE, OFFSET_OUT_OF_RANGE (the batches do not continue the log), KAFKA_STORAGE_ERROR.</exception>
    public LogAppendInfo AppendAsFollower(ReadOnlyMemory<byte> records, int leaderEpoch = -1) =>
        AppendAssigned(records, AppendOrigin.Replication, leaderEpoch);

    private LogAppendInfo AppendAssigned(ReadOnlyMemory<byte> records, AppendOrigin origin, int leaderEpoch)
    {
        LogDirectory.EnsureOnline();
        var valid = CheckAssigned(records.Span, origin, leaderEpoch);
        var nowMs = _services.NowMs;
        lock (_lock)
        {
            EnsureUsable();
            if (valid == 0)
                return Nothing();
            var first = new BatchHeader(records.Span);
            if (first.BaseOffset < _logEndOffset)
            {
                throw new KafkaException(
                    ErrorCode.OffsetOutOfRange,
                    $"Unexpected offset in append to {TopicPartition}. First offset {first.BaseOffset} is less than the next offset {_logEndOffset}. Log start offset = {_logStartOffset}");
            }

            return Write(records[..valid], origin, Config, nowMs, -1, default);
        }
    }

    /// <summary>Bytes of whole, sound batches with ascending offsets.</summary>
    private int CheckAssigned(ReadOnlySpan<byte> bytes, AppendOrigin origin, int leaderEpoch)
    {
        var at = 0;
        var last = -1L;
        while (bytes.Length - at >= BatchHeader.Size)
        {
            var header = new BatchHeader(bytes[at..]);
            var size = header.SizeInBytes;
            if (size < BatchHeader.Size || header.Magic != RecordBatchLayout.CurrentMagic || header.LastOffsetDelta < 0)
                throw new CorruptRecordException($"Record batch at byte {at} of the append to {TopicPartition} is malformed");
            if (size > bytes.Length - at)
                break;
            // A fetch may be cut off inside its last batch, which then comes again whole.
            if (Crc32C.Compute(bytes.Slice(at + BatchHeader.AttributesPosition, size - BatchHeader.AttributesPosition)) != header.Crc)
                throw new CorruptRecordException($"Record is corrupt (stored crc = {header.Crc}) in topic partition {TopicPartition}.");
            if (origin == AppendOrigin.RaftLeader && header.PartitionLeaderEpoch != leaderEpoch)
                throw new InvalidRecordException("Append from Raft leader did not set the batch epoch correctly");
            if (header.BaseOffset <= last)
                throw new KafkaException(ErrorCode.CorruptMessage, $"Out of order offsets found in append to {TopicPartition}: {header.BaseOffset} after {last}");
            last = header.LastOffset;
            at += size;
        }

        return at;
    }

    private LogAppendInfo Write(ReadOnlyMemory<byte> records, AppendOrigin origin, LogConfig config, long nowMs, long logAppendTimeMs, in TransactionAppend transaction)
    {
        var bytes = records.Span;
        if (bytes.Length > config.SegmentBytes)
            throw new KafkaException(ErrorCode.RecordListTooLarge, $"Message batch size is {bytes.Length} bytes in append to partition {TopicPartition}, which exceeds the maximum configured segment size of {config.SegmentBytes}.");
        var summary = Summarize(records, origin, transaction);
        try
        {
            if (Active.ShouldRoll(config, bytes.Length, summary.MaxTimestamp, summary.LastOffset, nowMs))
                RollUnderLock(summary.FirstOffset);
            var segment = Active;
            var position = segment.Size;
            segment.Append(bytes, config.IndexIntervalBytes, nowMs, config.FlushMessages < MaxFlushMessagesToReserve ? config.SegmentBytes : 0);
            _tail.Append(bytes, summary.FirstOffset, summary.LastOffset + 1, segment.BaseOffset, position);
            ApplyWritten(records, segment);
        }
        catch (IOException e)
        {
            throw Failed("appending records to", e);
        }

        // Under the log's lock: no more than two plain adds.
        _bytesAppended += bytes.Length;
        _recordsAppended += summary.LastOffset - summary.FirstOffset + 1;
        Volatile.Write(ref _logEndOffset, summary.LastOffset + 1);
        UpdateFirstUnstableOffset();
        return new LogAppendInfo(
            summary.FirstOffset,
            summary.LastOffset,
            summary.LastEpoch,
            summary.MaxTimestamp,
            logAppendTimeMs,
            _logStartOffset,
            bytes.Length,
            summary.BatchCount,
            IsDuplicate: false,
            RequiresFlush: _logEndOffset - FlushedOffset >= config.FlushMessages,
            _logEndOffset);
    }

    /// <summary>Checks the producers of all batches before anything is written.</summary>
    private AppendSummary Summarize(ReadOnlyMemory<byte> records, AppendOrigin origin, in TransactionAppend transaction)
    {
        var bytes = records.Span;
        var first = new BatchHeader(bytes).BaseOffset;
        var summary = new AppendSummary(first, first, -1, -1, 0);
        for (var at = 0; at < bytes.Length;)
        {
            var header = new BatchHeader(bytes[at..]);
            var size = header.SizeInBytes;
            if (header.HasProducerId)
            {
                var marker = header.IsControl ? ProducerStateManager.ReadMarker(new RecordBatch(records.Slice(at, size)))?.Marker : null;
                if (!header.IsControl || marker is not null)
                    _producers.Check(header, header.BaseOffset, origin, marker, transaction);
            }

            summary = summary with
            {
                LastOffset = header.LastOffset,
                LastEpoch = header.PartitionLeaderEpoch,
                MaxTimestamp = Math.Max(summary.MaxTimestamp, header.MaxTimestamp),
                BatchCount = summary.BatchCount + 1,
            };
            at += size;
        }

        return summary;
    }

    private void ApplyWritten(ReadOnlyMemory<byte> records, LogSegment segment)
    {
        var bytes = records.Span;
        for (var at = 0; at < bytes.Length;)
        {
            var header = new BatchHeader(bytes[at..]);
            var size = header.SizeInBytes;
            if (header.PartitionLeaderEpoch >= 0 && !(_epochs.LatestEpoch >= header.PartitionLeaderEpoch))
                _epochs.Assign(header.PartitionLeaderEpoch, header.BaseOffset);
            if (header.HasProducerId)
            {
                if (!header.IsControl)
                    _producers.Apply(header);
                else if (_producers.ReplayControl(records.Slice(at, size)) is { } completed)
                    Complete(completed, segment);
                if (header.IsTransactional)
                    _producers.ClearVerification(header);
            }

            _producers.MapEndOffset = header.NextOffset;
            at += size;
        }
    }

    private void Complete(CompletedTransaction completed, LogSegment segment)
    {
        if (completed.IsAborted)
            segment.Transactions.Append(completed.ToIndexEntry(_producers.LastStableOffset(completed)));
        _producers.CompleteTransaction(completed);
    }

    private BatchMetadata? FindDuplicate(BatchHeader batch) => batch.HasProducerId
        ? _producers.Find(batch.ProducerId)?.FindDuplicate(batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence)
        : null;

    private LogAppendInfo Duplicate(BatchMetadata batch) => new(
        batch.FirstOffset, batch.LastOffset, -1, batch.Timestamp, Config.TimestampType == TimestampType.LogAppendTime ? batch.Timestamp : -1,
        _logStartOffset, 0, 0, IsDuplicate: true, RequiresFlush: _logEndOffset - FlushedOffset >= Config.FlushMessages, _logEndOffset);

    private LogAppendInfo Nothing() =>
        new(-1, -1, -1, -1, -1, _logStartOffset, 0, 0, IsDuplicate: false, RequiresFlush: false, _logEndOffset);

    private readonly record struct AppendSummary(long FirstOffset, long LastOffset, int LastEpoch, long MaxTimestamp, int BatchCount);
}
