using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

internal sealed partial class TransactionCoordinatorShard
{
    /// <summary>EndTxn.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="freshProducerId">A producer id that nobody has, or null where none was fetched yet.</param>
    /// <returns>The answer; null when a fresh producer id is needed first.</returns>
    /// <exception cref="KafkaException">INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS or INVALID_TXN_STATE.</exception>
    public CoordinatorResult<ProducerAnswer?> End(EndTransaction request, long? freshProducerId) =>
        request.ClientTransactionVersion >= TransactionMetadata.EpochBumpVersion ? EndWithEpochBump(request, freshProducerId) : EndWithoutEpochBump(request);

    /// <summary>The markers of a decided transaction are written.</summary>
    /// <returns>False when the transaction is another's by now.</returns>
    public CoordinatorResult<bool> Complete(string transactionalId, ProducerIdAndEpoch producer)
    {
        if (Find(transactionalId) is not { } metadata || metadata.ProducerId != producer.Id || metadata.ProducerEpoch != producer.Epoch || !metadata.State.IsPrepared())
            return new CoordinatorResult<bool>([], false);
        return new CoordinatorResult<bool>([Decide(metadata.Completed(_context.NowMs))], true);
    }

    /// <summary>Before transaction version 2 all transactions of a producer have one epoch: state and epoch say what a repeated request is.</summary>
    private CoordinatorResult<ProducerAnswer?> EndWithoutEpochBump(EndTransaction request)
    {
        var metadata = GetOf(request.TransactionalId, request.Producer.Id);
        if (request.Producer.Epoch != metadata.ProducerEpoch)
            throw new KafkaException(ErrorCode.ProducerFenced);
        switch (metadata.State)
        {
            case TransactionState.Ongoing:
                return Prepare<ProducerAnswer?>(
                    metadata.Prepared(request.IsCommit, 0, TransactionMetadata.NoProducerId, isWithoutPartitions: false, _context.NowMs),
                    ProducerAnswer.Failed(ErrorCode.None));
            case TransactionState.CompleteCommit when request.IsCommit:
            case TransactionState.CompleteAbort when !request.IsCommit:
                return new CoordinatorResult<ProducerAnswer?>([], ProducerAnswer.Failed(ErrorCode.None));
            case TransactionState.PrepareCommit when request.IsCommit:
            case TransactionState.PrepareAbort when !request.IsCommit:
                throw new KafkaException(ErrorCode.ConcurrentTransactions);
            default:
                throw InvalidTransition(metadata, request.IsCommit);
        }
    }

    /// <summary>
    /// From transaction version 2 on each transaction has an epoch. The epoch before the present one is a repeated request; the
    /// present one ends the next transaction, which may be aborted without records: the producer may not know whether there were any.
    /// </summary>
    private CoordinatorResult<ProducerAnswer?> EndWithEpochBump(EndTransaction request, long? freshProducerId)
    {
        if (Find(request.TransactionalId) is not { } metadata)
            throw new KafkaException(ErrorCode.InvalidProducerIdMapping);
        var (id, epoch) = request.Producer;
        var isRetryOnOverflow = metadata.PreviousProducerId == id && epoch == short.MaxValue - 1 && metadata.ProducerEpoch == 0;
        var isRetryOnEpochBump = metadata.ProducerEpoch == epoch + 1;
        if (metadata.ProducerId != id && !isRetryOnOverflow)
            throw new KafkaException(ErrorCode.InvalidProducerIdMapping);
        var isCurrent = epoch == metadata.ProducerEpoch;
        var isValidEpoch = metadata.State switch
        {
            TransactionState.PrepareCommit or TransactionState.PrepareAbort => isRetryOnEpochBump,
            TransactionState.CompleteCommit or TransactionState.CompleteAbort => isRetryOnEpochBump || isRetryOnOverflow || isCurrent,
            _ => isCurrent,
        };
        if (!isValidEpoch)
            throw new KafkaException(ErrorCode.ProducerFenced);

        var isRetry = isRetryOnEpochBump || isRetryOnOverflow;
        switch (metadata.State)
        {
            case TransactionState.Ongoing:
                return PrepareWithEpochBump(metadata, request, isWithoutPartitions: false, freshProducerId);
            case TransactionState.CompleteCommit when request.IsCommit && isRetry:
            case TransactionState.CompleteAbort when !request.IsCommit && isRetry:
                return new CoordinatorResult<ProducerAnswer?>([], new ProducerAnswer(ErrorCode.None, metadata.ProducerId, metadata.ProducerEpoch));
            case TransactionState.CompleteCommit or TransactionState.CompleteAbort when !request.IsCommit && !isRetry:
            case TransactionState.Empty when !request.IsCommit:
                return PrepareWithEpochBump(metadata, request, isWithoutPartitions: true, freshProducerId);
            case TransactionState.PrepareCommit when request.IsCommit:
            case TransactionState.PrepareAbort when !request.IsCommit:
                throw new KafkaException(ErrorCode.ConcurrentTransactions);
            default:
                throw InvalidTransition(metadata, request.IsCommit);
        }
    }

    private CoordinatorResult<ProducerAnswer?> PrepareWithEpochBump(TransactionMetadata metadata, EndTransaction request, bool isWithoutPartitions, long? freshProducerId)
    {
        if (metadata.IsEpochExhausted && freshProducerId is null)
            return NeedsProducerId();
        var next = metadata.IsEpochExhausted ? freshProducerId!.Value : TransactionMetadata.NoProducerId;
        var prepared = metadata.Prepared(request.IsCommit, request.ClientTransactionVersion, next, isWithoutPartitions, _context.NowMs);
        var answer = next == TransactionMetadata.NoProducerId
            ? new ProducerAnswer(ErrorCode.None, prepared.ProducerId, prepared.ProducerEpoch)
            : new ProducerAnswer(ErrorCode.None, next, 0);
        return Prepare<ProducerAnswer?>(prepared, answer);
    }

    private KafkaException InvalidTransition(TransactionMetadata metadata, bool isCommit)
    {
        _context.Logger.InvalidTransition(metadata.TransactionalId, metadata.State, isCommit ? "commit" : "abort");
        return new KafkaException(ErrorCode.InvalidTxnState);
    }
}
