using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

/// <summary>A transaction whose end is decided and written, so that its markers follow.</summary>
/// <param name="TransactionalId">The transactional id.</param>
/// <param name="ProducerId">The producer.</param>
/// <param name="ProducerEpoch">The epoch of the markers.</param>
/// <param name="CoordinatorEpoch">The leader epoch of the coordinator's partition.</param>
/// <param name="IsCommit">Whether it commits.</param>
/// <param name="TransactionVersion">The transaction version it ends under.</param>
/// <param name="Partitions">Where markers have to be written.</param>
public sealed record PreparedTransaction(
    string TransactionalId, long ProducerId, short ProducerEpoch, int CoordinatorEpoch, bool IsCommit, short TransactionVersion,
    IReadOnlyCollection<TopicPartition> Partitions);

/// <summary>Writes the markers of transactions to their partitions, wherever those are led. Thread-safe.</summary>
public interface ITransactionMarkers
{
    /// <summary>Writes the marker to every partition that still exists, asking again for as long as it takes.</summary>
    /// <returns>True when all are written; false when a later coordinator has taken over the transaction.</returns>
    /// <exception cref="OperationCanceledException">The coordinator stopped.</exception>
    Task<bool> WriteAsync(PreparedTransaction transaction, CancellationToken cancellationToken);
}

/// <summary>What a shard sets off besides writing records. Called on its thread; must not wait.</summary>
internal interface ITransactionEffects
{
    /// <summary>The end is committed: write the markers, then complete the transaction.</summary>
    void SendMarkers(TopicPartition shard, PreparedTransaction transaction);

    /// <summary>A transaction timed out whose producer needs another producer id to be aborted.</summary>
    void AbortWithNewProducerId(TopicPartition shard, string transactionalId);
}
