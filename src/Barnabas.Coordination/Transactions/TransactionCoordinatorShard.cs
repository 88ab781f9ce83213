using System.Runtime.CompilerServices;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Transactions;

/// <summary>
/// The transaction coordinator's state machine for one partition of <c>__transaction_state</c>: its transactional ids. Called by the
/// runtime from one thread at a time; decides without I/O. Throws <see cref="KafkaException"/> where a request is refused.
/// </summary>
internal sealed partial class TransactionCoordinatorShard : ICoordinatorShard
{
    private const string MarkersTimerKey = "markers-of-";

    private readonly CoordinatorShardContext _context;
    private readonly TransactionCoordinatorConfig _config;
    private readonly Func<short> _transactionVersion;
    private readonly ITransactionEffects _effects;
    private readonly TimelineDictionary<string, TransactionMetadata> _transactions;

    // What was decided and is about to be replayed, with what the log does not hold of it.
    private readonly ConditionalWeakTable<TransactionLogValue, TransactionMetadata> _decided = [];

    /// <summary>A shard without transactional ids.</summary>
    /// <param name="context">What it may use of the world.</param>
    /// <param name="config">The broker's configuration.</param>
    /// <param name="transactionVersion">The cluster's transaction version at the moment of asking.</param>
    /// <param name="effects">What it sets off.</param>
    public TransactionCoordinatorShard(
        CoordinatorShardContext context, TransactionCoordinatorConfig config, Func<short> transactionVersion, ITransactionEffects effects)
    {
        _context = context;
        _config = config;
        _transactionVersion = transactionVersion;
        _effects = effects;
        _transactions = new TimelineDictionary<string, TransactionMetadata>(context.Rollback);
    }

    internal IReadOnlyDictionary<string, TransactionMetadata> Transactions => _transactions;

    /// <inheritdoc/>
    public void Replay(long offset, long producerId, CoordinatorRecord record)
    {
        var transactionalId = ((TransactionLogKey)record.Key).TransactionalId;
        if (record.Value is not TransactionLogValue value)
            _transactions.Remove(transactionalId);
        else
            _transactions.Put(transactionalId, _decided.TryGetValue(value, out var decided) ? decided : TransactionRecords.Read(transactionalId, value));
    }

    /// <inheritdoc/>
    public void ReplayEndTransactionMarker(long producerId, bool committed)
    {
        // Nobody writes to this log within a transaction.
    }

    /// <inheritdoc/>
    public void OnLoaded()
    {
        var prepared = 0;
        foreach (var metadata in _transactions.Values)
        {
            if (!metadata.State.IsPrepared())
                continue;
            prepared++;
            _effects.SendMarkers(_context.TopicPartition, Prepared(metadata));
        }

        if (prepared > 0)
            _context.Logger.Resuming(_context.TopicPartition, prepared);
        ScheduleAborts();
        ScheduleExpiration();
    }

    /// <inheritdoc/>
    public void OnUnloaded()
    {
        // Markers under way are fenced by the next coordinator's epoch.
    }

    private TransactionMetadata? Find(string transactionalId) => _transactions.TryGetValue(transactionalId, out var metadata) ? metadata : null;

    /// <exception cref="KafkaException">INVALID_PRODUCER_ID_MAPPING: the id is unknown or belongs to another producer.</exception>
    private TransactionMetadata GetOf(string transactionalId, long producerId) =>
        Find(transactionalId) is { } metadata && metadata.ProducerId == producerId ? metadata : throw new KafkaException(ErrorCode.InvalidProducerIdMapping);

    /// <summary>The record of a decision. Replayed as it is written, it carries what the log does not hold.</summary>
    private CoordinatorRecord Decide(TransactionMetadata metadata)
    {
        var record = TransactionRecords.Of(metadata, _transactionVersion());
        _decided.Add((TransactionLogValue)record.Value!, metadata);
        return record;
    }

    private PreparedTransaction Prepared(TransactionMetadata metadata) => new(
        metadata.TransactionalId, metadata.ProducerId, metadata.ProducerEpoch, _context.LeaderEpoch, metadata.State == TransactionState.PrepareCommit,
        metadata.ClientTransactionVersion, metadata.Partitions);

    /// <summary>Decides the end of a transaction: when the decision is committed its markers are sent.</summary>
    private CoordinatorResult<T> Prepare<T>(TransactionMetadata prepared, T response)
    {
        var transaction = Prepared(prepared);
        return new CoordinatorResult<T>([Decide(prepared)], response)
        {
            OnCommitted = failure => SendMarkersOf(transaction, failure),
        };
    }

    /// <summary>Sends the markers of a decision that is committed, or has them sent when it is: who asked may have given up waiting, the log has not.</summary>
    private void SendMarkersOf(PreparedTransaction transaction, KafkaException? failure)
    {
        if (failure is null)
            _effects.SendMarkers(_context.TopicPartition, transaction);
        else if (failure.ErrorCode == ErrorCode.RequestTimedOut && IsDecided(transaction))
            _context.Timer.Schedule(MarkersTimerKey + transaction.TransactionalId, 0, () => new CoordinatorResult([]) { OnCommitted = late => SendMarkersOf(transaction, late) });
    }

    /// <summary>Whether a transaction's end is decided and its markers are not yet known to be written.</summary>
    public bool IsDecided(PreparedTransaction transaction) =>
        Find(transaction.TransactionalId) is { } metadata && metadata.State.IsPrepared()
        && metadata.ProducerId == transaction.ProducerId && metadata.ProducerEpoch == transaction.ProducerEpoch;
}
