using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Producers;

/// <summary>One producer's state in a partition: epoch, the last five batches, the open transaction. Guarded by the log's lock.</summary>
internal sealed class ProducerStateEntry(long producerId)
{
    public const int BatchesToRetain = 5;

    private BatchWindow _batches;
    private int _batchCount;

    public long ProducerId { get; } = producerId;

    public short ProducerEpoch { get; private set; } = RecordBatchLayout.NoProducerEpoch;

    public int CoordinatorEpoch { get; private set; } = -1;

    public long LastTimestamp { get; private set; } = RecordBatchLayout.NoTimestamp;

    /// <summary>The first offset of the open transaction; -1 without one.</summary>
    public long CurrentTransactionFirstOffset { get; set; } = -1;

    public bool IsEmpty => _batchCount == 0;

    public int LastSequence => IsEmpty ? RecordBatchLayout.NoSequence : _batches[_batchCount - 1].LastSequence;

    public int FirstSequence => IsEmpty ? RecordBatchLayout.NoSequence : _batches[0].FirstSequence;

    public long LastDataOffset => IsEmpty ? -1 : _batches[_batchCount - 1].LastOffset;

    public int LastOffsetDelta => IsEmpty ? 0 : _batches[_batchCount - 1].OffsetDelta;

    public static ProducerStateEntry Restore(
        long producerId, short epoch, int coordinatorEpoch, long timestamp, long transactionFirstOffset, BatchMetadata? batch)
    {
        var entry = new ProducerStateEntry(producerId)
        {
            ProducerEpoch = epoch,
            CoordinatorEpoch = coordinatorEpoch,
            LastTimestamp = timestamp,
            CurrentTransactionFirstOffset = transactionFirstOffset,
        };
        if (batch is { } metadata)
            entry._batches[entry._batchCount++] = metadata;
        return entry;
    }

    public void AddBatch(short epoch, BatchMetadata batch)
    {
        MoveToEpoch(epoch);
        if (_batchCount == BatchesToRetain)
        {
            for (var i = 1; i < BatchesToRetain; i++)
                _batches[i - 1] = _batches[i];
            _batchCount--;
        }

        _batches[_batchCount++] = batch;
        LastTimestamp = batch.Timestamp;
    }

    public void EndTransaction(short epoch, int coordinatorEpoch, long timestamp)
    {
        MoveToEpoch(epoch);
        CurrentTransactionFirstOffset = -1;
        CoordinatorEpoch = coordinatorEpoch;
        LastTimestamp = timestamp;
    }

    /// <summary>The retained batch with these sequences; null when the batch is new.</summary>
    public BatchMetadata? FindDuplicate(short epoch, int firstSequence, int lastSequence)
    {
        if (epoch != ProducerEpoch)
            return null;
        for (var i = 0; i < _batchCount; i++)
        {
            if (_batches[i].FirstSequence == firstSequence && _batches[i].LastSequence == lastSequence)
                return _batches[i];
        }

        return null;
    }

    private void MoveToEpoch(short epoch)
    {
        if (ProducerEpoch == epoch)
            return;
        _batchCount = 0;
        ProducerEpoch = epoch;
    }

    [System.Runtime.CompilerServices.InlineArray(BatchesToRetain)]
    private struct BatchWindow
    {
        private BatchMetadata _first;
    }
}
