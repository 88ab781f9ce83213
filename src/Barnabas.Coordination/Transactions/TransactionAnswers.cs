using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

/// <summary>The answer of InitProducerId and EndTxn: an error, or the producer id and epoch to go on with.</summary>
/// <param name="Error">NONE or what is wrong.</param>
/// <param name="ProducerId">The producer id; -1 with an error.</param>
/// <param name="ProducerEpoch">The epoch; -1 with an error.</param>
public readonly record struct ProducerAnswer(ErrorCode Error, long ProducerId, short ProducerEpoch)
{
    /// <summary>An answer without a producer.</summary>
    public static ProducerAnswer Failed(ErrorCode error) => new(error, TransactionMetadata.NoProducerId, TransactionMetadata.NoProducerEpoch);
}

/// <summary>A producer as a request names it.</summary>
/// <param name="Id">The producer id.</param>
/// <param name="Epoch">The epoch.</param>
public readonly record struct ProducerIdAndEpoch(long Id, short Epoch);

/// <summary>What InitProducerId asks for.</summary>
/// <param name="TransactionalId">The transactional id.</param>
/// <param name="TimeoutMs">The transaction timeout the producer wants, in milliseconds.</param>
/// <param name="EnableTwoPhaseCommit">Whether an outside coordinator ends its transactions (KIP-939).</param>
/// <param name="KeepPreparedTransaction">Whether a prepared transaction is to be kept (KIP-939).</param>
/// <param name="Expected">The producer that goes on after an error (KIP-360), or null for a new one.</param>
public sealed record InitProducerId(
    string TransactionalId, int TimeoutMs, bool EnableTwoPhaseCommit, bool KeepPreparedTransaction, ProducerIdAndEpoch? Expected);

/// <summary>What EndTxn asks for.</summary>
/// <param name="TransactionalId">The transactional id.</param>
/// <param name="Producer">The producer.</param>
/// <param name="IsCommit">Whether to commit.</param>
/// <param name="ClientTransactionVersion">The transaction version the producer works under.</param>
public sealed record EndTransaction(string TransactionalId, ProducerIdAndEpoch Producer, bool IsCommit, short ClientTransactionVersion);
