using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Producers;

internal sealed partial class ProducerStateManager
{
    private const short FirstVersionWithEpochBump = 2;

    /// <summary>Checks epoch, sequence and transaction state of a batch against what is known, changing nothing.</summary>
    /// <exception cref="KafkaException">INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE or TRANSACTION_COORDINATOR_FENCED.</exception>
    public void Check(BatchHeader batch, long offset, AppendOrigin origin, EndTransactionMarker? marker, in TransactionAppend transaction = default)
    {
        var entry = Find(batch.ProducerId);
        if (batch.IsTransactional && marker is null && origin is AppendOrigin.Client or AppendOrigin.Coordinator)
            CheckVerified(batch, transaction.Guard);
        if (marker is { } end)
        {
            CheckMarkerEpoch(entry, batch, offset, origin, transaction.TransactionVersion);
            if (entry is not null && entry.CoordinatorEpoch > end.CoordinatorEpoch && origin != AppendOrigin.Replication)
            {
                throw new KafkaException(
                    ErrorCode.TransactionCoordinatorFenced,
                    $"Invalid coordinator epoch for producerId {batch.ProducerId} at offset {offset} in partition {_partition}: "
                    + $"{end.CoordinatorEpoch} (zombie), {entry.CoordinatorEpoch} (current)");
            }

            return;
        }

        CheckEpoch(entry, batch.ProducerId, batch.ProducerEpoch, offset, origin);
        if (origin == AppendOrigin.Client)
        {
            CheckVerifiedSequence(entry, batch, offset);
            CheckSequence(entry, batch, offset);
        }

        if (entry is { CurrentTransactionFirstOffset: >= 0 } && !batch.IsTransactional)
        {
            throw new KafkaException(
                ErrorCode.InvalidTxnState,
                $"Expected transactional write from producer {batch.ProducerId} at offset {offset} in partition {_partition}");
        }
    }

    /// <summary>Takes over a data batch that was written.</summary>
    public void Apply(BatchHeader batch)
    {
        var entry = GetOrAdd(batch.ProducerId);
        entry.AddBatch(batch.ProducerEpoch, new BatchMetadata(batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestamp));
        if (batch.IsTransactional && entry.CurrentTransactionFirstOffset < 0)
        {
            entry.CurrentTransactionFirstOffset = batch.BaseOffset;
            (_ongoing ??= [])[batch.BaseOffset] = batch.ProducerId;
        }
    }

    /// <summary>Takes over a marker that was written; the transaction it ended, when there was one.</summary>
    public CompletedTransaction? Apply(BatchHeader batch, EndTransactionMarker marker, long timestamp)
    {
        var entry = GetOrAdd(batch.ProducerId);
        CompletedTransaction? completed = entry.CurrentTransactionFirstOffset < 0 ? null
            : new CompletedTransaction(batch.ProducerId, entry.CurrentTransactionFirstOffset, batch.BaseOffset, !marker.IsCommit);
        entry.EndTransaction(batch.ProducerEpoch, marker.CoordinatorEpoch, timestamp);
        return completed;
    }

    /// <summary>Replays a data batch from the log.</summary>
    public CompletedTransaction? ReplayData(BatchHeader batch)
    {
        Apply(batch);
        return null;
    }

    /// <summary>Replays a control batch from the log; an emptied one says nothing.</summary>
    public CompletedTransaction? ReplayControl(ReadOnlyMemory<byte> bytes)
    {
        var batch = new RecordBatch(bytes);
        return ReadMarker(batch) is { } found ? Apply(new BatchHeader(bytes.Span), found.Marker, found.Timestamp) : null;
    }

    /// <summary>The transaction marker of a control batch with its timestamp; null when it holds none.</summary>
    public static (EndTransactionMarker Marker, long Timestamp)? ReadMarker(RecordBatch batch)
    {
        foreach (ref readonly var record in batch.Records())
        {
            var type = ControlRecords.ReadTypeId(record.KeyBytes.Span);
            if (type is (short)ControlRecordType.Abort or (short)ControlRecordType.Commit)
                return (EndTransactionMarker.Read(record), record.Timestamp);
            return null;
        }

        return null;
    }

    private void CheckEpoch(ProducerStateEntry? entry, long producerId, short epoch, long offset, AppendOrigin origin)
    {
        if (entry is null || epoch >= entry.ProducerEpoch || origin == AppendOrigin.Replication)
            return;
        throw new KafkaException(
            ErrorCode.InvalidProducerEpoch,
            $"Epoch of producer {producerId} at offset {offset} in {_partition} is {epoch}, which is smaller than the last seen epoch {entry.ProducerEpoch}");
    }

    /// <summary>With an epoch for each transaction a marker has to be of a later one than the records it ends; written twice it is the same marker.</summary>
    private void CheckMarkerEpoch(ProducerStateEntry? entry, BatchHeader batch, long offset, AppendOrigin origin, short transactionVersion)
    {
        if (transactionVersion < FirstVersionWithEpochBump)
        {
            CheckEpoch(entry, batch.ProducerId, batch.ProducerEpoch, offset, origin);
            return;
        }

        if (entry is null || batch.ProducerEpoch > entry.ProducerEpoch || origin == AppendOrigin.Replication)
            return;
        if (batch.ProducerEpoch == entry.ProducerEpoch && (entry.CurrentTransactionFirstOffset < 0 || batch.ProducerEpoch == short.MaxValue))
            return;
        throw new KafkaException(
            ErrorCode.InvalidProducerEpoch,
            $"Epoch of producer {batch.ProducerId} at offset {offset} in {_partition} is {batch.ProducerEpoch}, "
            + $"which is not larger than the last seen epoch {entry.ProducerEpoch}, as transaction version {transactionVersion} demands of a marker");
    }

    private void CheckSequence(ProducerStateEntry? entry, BatchHeader batch, long offset)
    {
        // Unknown producer (all its records may have been deleted): any sequence begins its state.
        if (entry is null || entry.ProducerEpoch == RecordBatchLayout.NoProducerEpoch)
            return;
        if (batch.ProducerEpoch != entry.ProducerEpoch)
        {
            if (batch.BaseSequence == 0)
                return;
            throw new KafkaException(
                ErrorCode.OutOfOrderSequenceNumber,
                $"Invalid sequence number for new epoch of producer {batch.ProducerId} at offset {offset} in partition {_partition}: "
                + $"{batch.ProducerEpoch} (request epoch), {batch.BaseSequence} (seq. number), {entry.ProducerEpoch} (current producer epoch)");
        }

        var last = entry.LastSequence;
        if (batch.BaseSequence == last + 1L || (batch.BaseSequence == 0 && last == int.MaxValue))
            return;
        throw new KafkaException(
            ErrorCode.OutOfOrderSequenceNumber,
            $"Out of order sequence number for producer {batch.ProducerId} at offset {offset} in partition {_partition}: "
            + $"{batch.BaseSequence} (incoming seq. number), {last} (current end sequence number)");
    }
}
