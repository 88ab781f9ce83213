using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Producer;

/// <summary>
/// The transactions of one producer (KIP-98, KIP-360, KIP-890): callers begin and end them, the sending loop asks what it may send
/// and tells what failed. Thread-safe; one caller at a time drives it.
/// </summary>
internal sealed partial class TransactionManager(ClusterClient cluster, ProducerOptions options, RecordAccumulator accumulator, ILogger logger)
{
    private const string TransactionVersionFeature = "transaction.version";
    private const short FirstVersionWithEpochBump = 2;

    private readonly Lock _gate = new();
    private readonly string _transactionalId = options.TransactionalId!;
    private readonly HashSet<TopicPartition> _added = [];
    private readonly HashSet<TopicPartition> _wanted = [];
    private TransactionPhase _phase;
    private KafkaException? _error;
    private Task _adding = Task.CompletedTask;
    private long _producerId = RecordBatchLayout.NoProducerId;
    private short _producerEpoch = RecordBatchLayout.NoProducerEpoch;
    private bool _usesEpochBump;
    private bool _hasStarted;

    // A batch is gone whose sequence numbers the node may or may not have seen.
    private bool _isSequenceInDoubt;

    /// <summary>Whether partitions join the transaction by being written to, and each transaction has an epoch of its own.</summary>
    public bool UsesEpochBump
    {
        get
        {
            lock (_gate)
                return _usesEpochBump;
        }
    }

    /// <summary>Whether batches that wait are to be failed instead of sent, and why.</summary>
    public KafkaException? Discards
    {
        get
        {
            lock (_gate)
            {
                return _phase switch
                {
                    TransactionPhase.Aborting => _error ?? new KafkaException(ErrorCode.TransactionAbortable, "Failing batch since transaction was aborted"),
                    TransactionPhase.AbortableError or TransactionPhase.FatalError => _error,
                    _ => null,
                };
            }
        }
    }

    /// <summary>The producer id and epoch that batches carry.</summary>
    public (long Id, short Epoch) Producer
    {
        get
        {
            lock (_gate)
                return (_producerId, _producerEpoch);
        }
    }

    /// <summary>A record goes to a partition.</summary>
    /// <exception cref="InvalidOperationException">No transaction is open.</exception>
    /// <exception cref="TransactionAbortableException">The transaction can only be aborted.</exception>
    /// <exception cref="FatalTransactionException">The producer can only be closed.</exception>
    public void OnProduce()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_phase != TransactionPhase.InTransaction)
                throw new InvalidOperationException($"Cannot send records before a transaction is begun (state {_phase}); call InitTransactionsAsync once and BeginTransaction for each.");
        }
    }

    /// <summary>A record is in a batch. One that was refused before that leaves nothing for the coordinator to end.</summary>
    public void OnTaken()
    {
        lock (_gate)
            _hasStarted |= _usesEpochBump;
    }

    /// <summary>A record that had to wait goes to a partition: a commit meanwhile waits for it, an abort has given it up.</summary>
    /// <exception cref="KafkaException">The transaction was aborted, or has failed.</exception>
    public void OnProduceAfterWait()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            if (_phase is not (TransactionPhase.InTransaction or TransactionPhase.Committing))
                throw new KafkaException(ErrorCode.TransactionAbortable, "Failing record since transaction was aborted");
        }
    }

    /// <summary>Whether a partition's batches may be sent now, and as which producer. Where they may not, what is missing is on its way.</summary>
    public bool MaySend(TopicPartition partition, out (long Id, short Epoch) producer)
    {
        lock (_gate)
        {
            producer = (_producerId, _producerEpoch);
            if (_phase is not (TransactionPhase.InTransaction or TransactionPhase.Committing))
                return false;
            if (_usesEpochBump || _added.Contains(partition))
                return true;
            _wanted.Add(partition);
            if (_adding.IsCompleted)
                _adding = AddWantedAsync();
            return false;
        }
    }

    /// <summary>A batch was lost: the transaction cannot be committed any more.</summary>
    public void OnBatchFailed(KafkaException error)
    {
        lock (_gate)
        {
            _isSequenceInDoubt = true;
            if (_phase is TransactionPhase.InTransaction or TransactionPhase.Committing)
                Fail(error, TransactionErrors.IsFatalForBatch(error.ErrorCode));
        }
    }

    /// <summary>A record was refused before it got into a batch: what the caller wanted together is not complete, so it cannot be committed.</summary>
    public void OnRefused(KafkaException error)
    {
        lock (_gate)
        {
            if (_phase is TransactionPhase.InTransaction or TransactionPhase.Committing)
                Fail(error, TransactionErrors.IsFatalForBatch(error.ErrorCode));
        }
    }

    private void Fail(KafkaException error, bool isFatal)
    {
        if (_phase == TransactionPhase.FatalError)
            return;
        _error = error;
        _phase = isFatal ? TransactionPhase.FatalError : TransactionPhase.AbortableError;
        ProducerLog.TransactionFailed(logger, _transactionalId, error.Message, isFatal ? "The producer has to be closed" : "The transaction has to be aborted");
        accumulator.Signal.Set();
    }

    private void ThrowIfFailed()
    {
        if (_phase == TransactionPhase.FatalError)
            throw new FatalTransactionException(_error!);
        if (_phase == TransactionPhase.AbortableError)
            throw new TransactionAbortableException(_error!);
    }

    /// <summary>What a coordinator's refusal means for the producer.</summary>
    private KafkaException Refused(KafkaException error)
    {
        lock (_gate)
        {
            if (error is KafkaTimeoutException)
                return error;
            Fail(error, !TransactionErrors.IsAbortable(error.ErrorCode));
            return _phase == TransactionPhase.FatalError ? new FatalTransactionException(error) : new TransactionAbortableException(error);
        }
    }
}
