using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

/// <summary>
/// The batches of one partition that wait to be sent, oldest first. Callers append to the last one under the lock; the
/// sending loop takes the first ones, and alone touches what concerns sequence numbers and requests in flight.
/// </summary>
internal sealed class PartitionQueue(TopicQueues topic, TopicPartition partition, RecordAccumulator accumulator)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ProducerBatch> _waiting = [];
    private ProducerBatch? _open;
    private long _nextOrder;
    private bool _isActive;

    public TopicPartition Partition { get; } = partition;

    public TopicQueues Topic { get; } = topic;

    /// <summary>How many batches wait.</summary>
    public int Length => _waiting.Count;

    /// <summary>Sent or to be sent again, oldest first. The sending loop's.</summary>
    public List<ProducerBatch> InFlight { get; } = [];

    /// <summary>Batches in requests that are not answered yet. The sending loop's.</summary>
    public int OnWireCount { get; set; }

    /// <summary>The producer id and epoch of the partition's sequence numbers, and the next of them. The sending loop's.</summary>
    public long ProducerId { get; set; } = RecordBatchLayout.NoProducerId;

    public short ProducerEpoch { get; set; } = RecordBatchLayout.NoProducerEpoch;

    public int NextSequence { get; set; }

    /// <summary>The running number of the next batch that gets sequence numbers. The sending loop's.</summary>
    public long NextNumber { get; set; }

    /// <summary>A failure left a gap: sequence numbers start again under a new epoch before anything is sent. The sending loop's.</summary>
    public bool NeedsNewEpoch { get; set; }

    /// <summary>
    /// Appends to the open batch or a new one. Null when <c>buffer.memory</c> has to be waited for: then
    /// <paramref name="reservedBytes"/> is to be at least <paramref name="neededBytes"/> in the next call.
    /// </summary>
    public AppendResult? TryAppend(in SerializedRecord record, long nowMs, ref int reservedBytes, out int neededBytes)
    {
        ProducerBatch? filled = null;
        AppendResult? result = null;
        neededBytes = 0;
        lock (_gate)
        {
            if (accumulator.IsClosed)
                throw new ObjectDisposedException("Producer", "Cannot perform operation after producer has been closed");
            var ratio = Topic.CompressionRatio.Estimate;
            if (_open is { } open)
            {
                if (open.TryAppend(record, ratio, accumulator.Memory))
                    return Appended(open, isNew: false, filled: null);
                filled = Close();
            }
            neededBytes = Math.Max(accumulator.BatchBytes, RecordBatchLayout.HeaderBytes + record.UpperBoundBytes);
            if (reservedBytes < neededBytes && accumulator.Memory.TryReserve(neededBytes - reservedBytes))
                reservedBytes = neededBytes;
            if (reservedBytes >= neededBytes)
            {
                var batch = new ProducerBatch(this, accumulator.BatchOptions, accumulator.BatchBytes, reservedBytes, _nextOrder, nowMs);
                batch.TryAppend(record, ratio, accumulator.Memory);
                reservedBytes = 0;
                _open = batch;
                _waiting.AddLast(batch);
                accumulator.Add(batch);
                result = Appended(batch, isNew: true, filled);
            }
        }
        if (filled is not null)
            accumulator.SealInCaller(filled);
        return result;
    }

    /// <summary>Returns when no append is under way that began before.</summary>
    public void WaitForAppend()
    {
        lock (_gate)
        {
        }
    }

    /// <summary>The oldest waiting batch, and whether it takes no more records.</summary>
    public ProducerBatch? Peek(out bool isClosed)
    {
        lock (_gate)
        {
            var first = _waiting.First?.Value;
            isClosed = first is not null && (!ReferenceEquals(first, _open) || first.IsFull);
            return first;
        }
    }

    /// <summary>Ends appending to a waiting batch.</summary>
    public void Close(ProducerBatch batch)
    {
        lock (_gate)
        {
            if (ReferenceEquals(batch, _open))
                Close();
        }
    }

    public void Remove(ProducerBatch batch)
    {
        lock (_gate)
        {
            if (ReferenceEquals(batch, _open))
                Close();
            _waiting.Remove(batch);
        }
    }

    /// <summary>Puts a batch back to wait in its place.</summary>
    public void Requeue(ProducerBatch batch)
    {
        lock (_gate)
        {
            var next = _waiting.First;
            while (next is not null && next.Value.Order < batch.Order)
                next = next.Next;
            if (next is null)
                _waiting.AddLast(batch);
            else
                _waiting.AddBefore(next, batch);
        }
    }

    /// <summary>All waiting batches, which stay.</summary>
    public void CopyWaitingTo(List<ProducerBatch> batches)
    {
        lock (_gate)
            batches.AddRange(_waiting);
    }

    /// <summary>True for the first caller since the queue was last idle.</summary>
    public bool TryActivate()
    {
        lock (_gate)
        {
            if (_isActive)
                return false;
            return _isActive = true;
        }
    }

    /// <summary>Nothing waits and nothing is in flight: the sending loop need not look here.</summary>
    public bool TryDeactivate()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 || InFlight.Count > 0 || OnWireCount > 0)
                return false;
            _isActive = false;
            return true;
        }
    }

    private AppendResult Appended(ProducerBatch batch, bool isNew, ProducerBatch? filled)
    {
        _nextOrder++;
        var completes = batch.IsFull || filled is not null;
        return new AppendResult(isNew, completes);
    }

    private ProducerBatch? Close()
    {
        var open = _open;
        _open = null;
        return open;
    }
}
