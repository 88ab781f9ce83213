using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

// The idempotent producer's id and epoch (KIP-98), and what happens to sequence numbers when a failure leaves a gap:
// the epoch grows and the partition starts again at 0 (KIP-360).
internal sealed partial class Sender
{
    private long _producerId = RecordBatchLayout.NoProducerId;
    private short _producerEpoch = RecordBatchLayout.NoProducerEpoch;
    private volatile Task<InitProducerIdResponse>? _obtaining;
    private int _producerIdFailures;
    private long _producerIdRetryMs;

    // A node remembers this many batches of a producer and partition; one that was sent before them and whose answer was
    // lost would not be known as a duplicate any more.
    private const int RememberedBatches = 5;

    private bool HasProducerId => _producerId != RecordBatchLayout.NoProducerId;

    private void ObtainProducerId(long now, ref long wakeMs)
    {
        if (HasProducerId)
            return;
        if (_obtaining is { IsCompleted: true } obtained)
        {
            _obtaining = null;
            Take(obtained, now);
        }
        if (HasProducerId || _fatal is not null || _obtaining is not null)
            return;
        if (now < _producerIdRetryMs)
        {
            wakeMs = Math.Min(wakeMs, _producerIdRetryMs);
            return;
        }
        _obtaining = RequestProducerIdAsync();
        _ = SignalAfterAsync(_obtaining);
    }

    private async Task<InitProducerIdResponse> RequestProducerIdAsync()
    {
        var connection = await _cluster.ConnectToAnyAsync(_stopping.Token);
        var request = new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue };
        var response = await connection.SendAsync(request, _stopping.Token);
        return response.ErrorCode == ErrorCode.None ? response : throw response.ErrorCode.ToException();
    }

    private async Task SignalAfterAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        _accumulator.Signal.Set();
    }

    private void Take(Task<InitProducerIdResponse> obtained, long now)
    {
        if (obtained.IsCompletedSuccessfully)
        {
            _producerIdFailures = 0;
            (_producerId, _producerEpoch) = (obtained.Result.ProducerId, obtained.Result.ProducerEpoch);
            ProducerLog.ProducerIdObtained(_logger, _producerId, _producerEpoch);
            return;
        }
        if (obtained.IsCanceled)
            return;
        var error = obtained.Exception!.InnerException!;
        if (ErrorClassification.IsRetriable(error) || error is NoNodeAvailableException)
        {
            ProducerLog.ProducerIdFailed(_logger, error.Message);
            _producerIdRetryMs = now + (long)_cluster.RetryBackoff.After(++_producerIdFailures).TotalMilliseconds;
            return;
        }
        _fatal = error as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, error.Message, error);
    }

    /// <summary>Whether the queue's first batch has, or can be given, its place among the sequence numbers now.</summary>
    private bool PrepareSequence(PartitionQueue queue, ProducerBatch batch)
    {
        if (!HasProducerId)
            return false;
        if (queue.NeedsNewEpoch && !RestartSequences(queue))
            return false;
        // What was sent once goes again in order: only the oldest, when nothing older is still on its way.
        if (batch.HasSequence)
            return ReferenceEquals(queue.InFlight[0], batch);
        if (queue.ProducerId == _producerId && queue.ProducerEpoch == _producerEpoch)
            return queue.InFlight.Count == 0 || queue.NextNumber - queue.InFlight[0].Number < RememberedBatches;
        if (queue.InFlight.Count > 0)
            return false;
        (queue.ProducerId, queue.ProducerEpoch, queue.NextSequence) = (_producerId, _producerEpoch, 0);
        return true;
    }

    private bool RestartSequences(PartitionQueue queue)
    {
        if (queue.OnWireCount > 0)
            return false;
        if (queue.ProducerId == _producerId && queue.ProducerEpoch == _producerEpoch)
        {
            // The coordinator alone raises a transactional producer's epoch, when the transaction is aborted.
            if (_transactions is not null)
                return false;
            if (_producerEpoch == short.MaxValue)
            {
                // The epochs are used up: a new id is obtained in the next pass.
                _producerId = RecordBatchLayout.NoProducerId;
                _accumulator.Signal.Set();
                return false;
            }
            _producerEpoch++;
        }
        (queue.ProducerId, queue.ProducerEpoch, queue.NextSequence) = (_producerId, _producerEpoch, 0);
        foreach (var batch in queue.InFlight)
            AssignSequence(queue, batch);
        queue.NeedsNewEpoch = false;
        ProducerLog.SequencesRestarted(_logger, queue.Partition, _producerId, _producerEpoch);
        return true;
    }

    private static void AssignSequence(PartitionQueue queue, ProducerBatch batch)
    {
        batch.SetSequence(queue.ProducerId, queue.ProducerEpoch, queue.NextSequence);
        batch.Number = queue.NextNumber++;
        queue.NextSequence = RecordBatchLayout.IncrementSequence(queue.NextSequence, batch.RecordCount);
    }
}
