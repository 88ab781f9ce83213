using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Transactions;

/// <summary>The records of <c>__transaction_state</c>.</summary>
internal static class TransactionRecords
{
    /// <summary>The record of a transactional id.</summary>
    /// <param name="metadata">What it says.</param>
    /// <param name="serverVersion">The cluster's transaction version: from 1 on the value has tagged fields.</param>
    public static CoordinatorRecord Of(TransactionMetadata metadata, short serverVersion)
    {
        var value = new TransactionLogValue
        {
            ProducerId = metadata.ProducerId,
            ProducerEpoch = metadata.ProducerEpoch,
            TransactionTimeoutMs = metadata.TimeoutMs,
            TransactionStatus = (sbyte)metadata.State,
            TransactionPartitions = metadata.State == TransactionState.Empty ? null : Grouped(metadata.Partitions),
            TransactionLastUpdateTimestampMs = metadata.LastUpdateMs,
            TransactionStartTimestampMs = metadata.StartMs,
        };
        short valueVersion = 0;
        if (serverVersion >= 1)
        {
            valueVersion = 1;
            value.PreviousProducerId = metadata.PreviousProducerId;
            value.NextProducerId = metadata.NextProducerId;
            value.ClientTransactionVersion = metadata.ClientTransactionVersion;
        }

        return new CoordinatorRecord(new TransactionLogKey { TransactionalId = metadata.TransactionalId }, value, valueVersion);
    }

    public static CoordinatorRecord Tombstone(string transactionalId) =>
        CoordinatorRecord.Tombstone(new TransactionLogKey { TransactionalId = transactionalId });

    /// <summary>What a record says. The epoch before is not in the log.</summary>
    /// <exception cref="MalformedMessageException">The state is none that is written.</exception>
    public static TransactionMetadata Read(string transactionalId, TransactionLogValue value)
    {
        var state = (TransactionState)value.TransactionStatus;
        if (state is < TransactionState.Empty or > TransactionState.CompleteAbort)
            throw new MalformedMessageException($"Transactional id {transactionalId} has the unknown state {value.TransactionStatus}.");
        return new TransactionMetadata(
            transactionalId, value.ProducerId, value.PreviousProducerId, value.NextProducerId, value.ProducerEpoch, TransactionMetadata.NoProducerEpoch,
            value.TransactionTimeoutMs, state, [.. Partitions(value)], value.TransactionStartTimestampMs, value.TransactionLastUpdateTimestampMs,
            value.ClientTransactionVersion);
    }

    private static IEnumerable<TopicPartition> Partitions(TransactionLogValue value)
    {
        foreach (var topic in value.TransactionPartitions ?? [])
        {
            foreach (var partition in topic.PartitionIds)
                yield return new TopicPartition(topic.Topic, partition);
        }
    }

    private static List<TransactionLogValue.PartitionsSchema> Grouped(IEnumerable<TopicPartition> partitions) =>
    [
        .. partitions
            .GroupBy(static p => p.Topic, static p => p.Partition)
            .OrderBy(static g => g.Key, StringComparer.Ordinal)
            .Select(static g => new TransactionLogValue.PartitionsSchema { Topic = g.Key, PartitionIds = [.. g.Order()] }),
    ];
}
