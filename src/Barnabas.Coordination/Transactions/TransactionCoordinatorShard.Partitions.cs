using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

internal sealed partial class TransactionCoordinatorShard
{
    /// <summary>AddPartitionsToTxn, AddOffsetsToTxn, and what Produce and TxnOffsetCommit add by themselves (KIP-890).</summary>
    /// <exception cref="KafkaException">INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED or CONCURRENT_TRANSACTIONS.</exception>
    public CoordinatorResult<ErrorCode> AddPartitions(
        string transactionalId, ProducerIdAndEpoch producer, IReadOnlyCollection<TopicPartition> partitions, short clientTransactionVersion)
    {
        var metadata = GetWritable(transactionalId, producer);
        if (metadata.State == TransactionState.Ongoing && metadata.Partitions.IsSupersetOf(partitions))
            return new CoordinatorResult<ErrorCode>([], ErrorCode.None);
        return new CoordinatorResult<ErrorCode>(
            [Decide(metadata.WithPartitions(partitions, clientTransactionVersion, _context.NowMs))], ErrorCode.None);
    }

    /// <summary>AddPartitionsToTxn with verify only: whether each partition belongs to the transaction.</summary>
    /// <returns>NONE or TRANSACTION_ABORTABLE, in the order of the partitions.</returns>
    /// <exception cref="KafkaException">As <see cref="AddPartitions"/>.</exception>
    public List<ErrorCode> VerifyPartitions(string transactionalId, ProducerIdAndEpoch producer, IReadOnlyCollection<TopicPartition> partitions)
    {
        var metadata = GetWritable(transactionalId, producer);
        var errors = new List<ErrorCode>(partitions.Count);
        foreach (var partition in partitions)
            errors.Add(metadata.Partitions.Contains(partition) ? ErrorCode.None : ErrorCode.TransactionAbortable);
        return errors;
    }

    private TransactionMetadata GetWritable(string transactionalId, ProducerIdAndEpoch producer)
    {
        var metadata = GetOf(transactionalId, producer.Id);
        if (metadata.ProducerEpoch != producer.Epoch)
            throw new KafkaException(ErrorCode.ProducerFenced);
        return metadata.State.IsPrepared() ? throw new KafkaException(ErrorCode.ConcurrentTransactions) : metadata;
    }
}
