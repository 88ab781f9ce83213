using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

internal sealed partial class TransactionCoordinatorShard
{
    /// <summary>InitProducerId of a transactional id.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="freshProducerId">A producer id that nobody has, or null where none was fetched yet.</param>
    /// <returns>The answer; null when a fresh producer id is needed first.</returns>
    /// <exception cref="KafkaException">CONCURRENT_TRANSACTIONS or PRODUCER_FENCED.</exception>
    public CoordinatorResult<ProducerAnswer?> InitProducerId(InitProducerId request, long? freshProducerId)
    {
        var timeoutMs = request.EnableTwoPhaseCommit ? TransactionMetadata.TwoPhaseCommitTimeoutMs : request.TimeoutMs;
        var metadata = Find(request.TransactionalId);
        if (metadata is null)
        {
            if (freshProducerId is not { } created)
                return NeedsProducerId();
            metadata = TransactionMetadata.New(request.TransactionalId, created, timeoutMs, _context.NowMs);
        }

        if (request.Expected is { } expected && !MayGoOn(metadata, expected))
            throw new KafkaException(ErrorCode.ProducerFenced);
        if (metadata.State.IsPrepared())
            throw new KafkaException(ErrorCode.ConcurrentTransactions);
        if (metadata.State == TransactionState.Ongoing)
            return Fence(metadata, freshProducerId);

        if (metadata.IsEpochExhausted && (request.Expected is null || request.Expected.Value.Epoch == metadata.ProducerEpoch))
        {
            if (freshProducerId is not { } next)
                return NeedsProducerId();
            return Initialized(metadata.WithProducerId(next, recordsLastEpoch: request.Expected is not null, timeoutMs, _context.NowMs));
        }

        var (epoch, lastEpoch) = NextEpoch(metadata, request.Expected?.Epoch);
        return Initialized(metadata.WithEpoch(epoch, lastEpoch, timeoutMs, _context.NowMs));
    }

    /// <summary>
    /// A producer that goes on after an error has to be the present one; or the one before it whose epochs were used up, since it
    /// may never have seen the answer that gave it another id.
    /// </summary>
    private static bool MayGoOn(TransactionMetadata metadata, ProducerIdAndEpoch expected) =>
        metadata.ProducerEpoch == TransactionMetadata.NoProducerEpoch
        || expected.Id == metadata.ProducerId
        || (expected.Id == metadata.PreviousProducerId && TransactionMetadata.IsExhausted(expected.Epoch));

    private static (short Epoch, short LastEpoch) NextEpoch(TransactionMetadata metadata, short? expectedEpoch)
    {
        if (expectedEpoch is null)
            return (Next(metadata.ProducerEpoch), TransactionMetadata.NoProducerEpoch);
        if (metadata.ProducerEpoch == TransactionMetadata.NoProducerEpoch || expectedEpoch == metadata.ProducerEpoch)
            return (Next(metadata.ProducerEpoch), metadata.ProducerEpoch);
        // The same request again, whose answer was lost. A new producer in between would have forgotten the epoch before.
        if (expectedEpoch == metadata.LastProducerEpoch)
            return (metadata.ProducerEpoch, metadata.LastProducerEpoch);
        throw new KafkaException(ErrorCode.ProducerFenced);
    }

    private static short Next(short epoch) => checked((short)(epoch + 1));

    private static CoordinatorResult<ProducerAnswer?> NeedsProducerId() => new([], null);

    private CoordinatorResult<ProducerAnswer?> Initialized(TransactionMetadata metadata)
    {
        _context.Logger.Initialized(metadata.TransactionalId, metadata.ProducerId, metadata.ProducerEpoch, _context.TopicPartition);
        return new CoordinatorResult<ProducerAnswer?>([Decide(metadata)], new ProducerAnswer(ErrorCode.None, metadata.ProducerId, metadata.ProducerEpoch));
    }

    /// <summary>Aborts the transaction of the producer before. The epoch it is fenced with is given to nobody: the client comes again and gets the next.</summary>
    private CoordinatorResult<ProducerAnswer?> Fence(TransactionMetadata metadata, long? freshProducerId)
    {
        if (!TryFence(metadata, freshProducerId, out var fenced))
            return NeedsProducerId();
        _context.Logger.Fenced(metadata.TransactionalId, metadata.ProducerEpoch);
        return Prepare<ProducerAnswer?>(fenced, ProducerAnswer.Failed(ErrorCode.ConcurrentTransactions));
    }

    /// <summary>The abort of an open transaction by the coordinator itself.</summary>
    /// <returns>False when a fresh producer id is needed.</returns>
    private bool TryFence(TransactionMetadata metadata, long? freshProducerId, out TransactionMetadata fenced)
    {
        fenced = metadata;
        var version = _transactionVersion();
        if (version < TransactionMetadata.EpochBumpVersion)
        {
            var epoch = metadata.ProducerEpoch == short.MaxValue ? metadata.ProducerEpoch : Next(metadata.ProducerEpoch);
            fenced = (metadata with { ProducerEpoch = epoch, LastProducerEpoch = TransactionMetadata.NoProducerEpoch })
                .Prepared(isCommit: false, 0, TransactionMetadata.NoProducerId, isWithoutPartitions: false, _context.NowMs);
            return true;
        }

        // The abort itself raises the epoch.
        if (metadata.IsEpochExhausted && freshProducerId is null)
            return false;
        var next = metadata.IsEpochExhausted ? freshProducerId!.Value : TransactionMetadata.NoProducerId;
        fenced = metadata.Prepared(isCommit: false, version, next, isWithoutPartitions: false, _context.NowMs);
        return true;
    }
}
