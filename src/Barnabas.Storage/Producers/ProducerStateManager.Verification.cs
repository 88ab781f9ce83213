using Barnabas.Protocol;
using Barnabas.Storage.Segments;

namespace Barnabas.Storage.Producers;

internal sealed partial class ProducerStateManager
{
    private Dictionary<long, VerificationState>? _verifications;

    public bool HasOngoingTransaction(long producerId, short producerEpoch) =>
        Find(producerId) is { CurrentTransactionFirstOffset: >= 0 } entry && entry.ProducerEpoch == producerEpoch;

    /// <summary>The guard that the producer's next batch needs; null when it needs none.</summary>
    public VerificationGuard? MaybeStartVerification(long producerId, int sequence, short epoch, bool supportsEpochBump)
    {
        if (!_options().VerifiesTransactions || HasOngoingTransaction(producerId, epoch))
            return null;
        _verifications ??= [];
        if (!_verifications.TryGetValue(producerId, out var state))
            _verifications.Add(producerId, state = new VerificationState(_time.GetUtcNow().ToUnixTimeMilliseconds(), sequence, epoch, supportsEpochBump));
        state.Note(sequence, epoch);
        return state.Guard;
    }

    /// <summary>
    /// Records of the transaction, or its end, are written: an answer still under way says nothing any more. Where each transaction
    /// has an epoch, a marker carries the epoch after the one it ends: the next transaction's, which may be under verification already.
    /// </summary>
    public void ClearVerification(BatchHeader written)
    {
        if (written.IsControl && VerificationOf(written.ProducerId) is { SupportsEpochBump: true } next && next.Epoch >= written.ProducerEpoch)
            return;
        _verifications?.Remove(written.ProducerId);
    }

    /// <exception cref="KafkaException">INVALID_TXN_STATE: the batch would begin a transaction that its coordinator may not know.</exception>
    private void CheckVerified(BatchHeader batch, VerificationGuard? guard)
    {
        if (!_options().VerifiesTransactions || HasOngoingTransaction(batch.ProducerId, batch.ProducerEpoch))
            return;
        if (guard is null || VerificationOf(batch.ProducerId)?.Guard != guard)
            throw new KafkaException(ErrorCode.InvalidTxnState, "Record was not part of an ongoing transaction");
    }

    private void CheckVerifiedSequence(ProducerStateEntry? entry, BatchHeader batch, long offset)
    {
        if (VerificationOf(batch.ProducerId) is not { } verification)
            return;
        if (verification.SupportsEpochBump && batch.BaseSequence != 0 && entry is null or { IsEmpty: true })
        {
            throw new KafkaException(
                ErrorCode.OutOfOrderSequenceNumber,
                $"Invalid sequence number for producer {batch.ProducerId} at offset {offset} in partition {_partition}: {batch.BaseSequence} "
                + "(incoming seq. number). Expected sequence 0 for transactions v2 idempotent producer with no existing state.");
        }

        if (batch.BaseSequence > verification.LowestSequence)
        {
            throw new KafkaException(
                ErrorCode.OutOfOrderSequenceNumber,
                $"Out of order sequence number for producer {batch.ProducerId} at offset {offset} in partition {_partition}: "
                + $"{batch.BaseSequence} (incoming seq. number), {verification.LowestSequence} (earliest seen sequence)");
        }
    }

    private VerificationState? VerificationOf(long producerId) => _verifications?.GetValueOrDefault(producerId);

    private void RemoveExpiredVerifications(long nowMs)
    {
        if (_verifications is not { Count: > 0 })
            return;
        var expirationMs = _options().ProducerIdExpirationMs;
        foreach (var (producerId, state) in _verifications.ToArray())
        {
            if (nowMs - state.CreatedMs >= expirationMs)
                _verifications.Remove(producerId);
        }
    }
}
