using Barnabas.Broker.Replication;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Storage;

namespace Barnabas.Broker.Transactions;

/// <summary>What a request's version says of its client.</summary>
internal enum TransactionSupport
{
    /// <summary>The client knows neither TRANSACTION_ABORTABLE nor implicit adding.</summary>
    VerifyOnly,

    /// <summary>The client knows TRANSACTION_ABORTABLE.</summary>
    VerifyWithAbortable,

    /// <summary>The broker adds the partition to the transaction (transaction version 2).</summary>
    AddPartition,
}

/// <summary>A partition whose first batch of a transaction waits for the coordinator.</summary>
internal readonly record struct VerificationTarget(TopicPartition Partition, int BaseSequence);

/// <summary>How a verification ended: an error, or what the append has to bring along.</summary>
internal readonly record struct VerificationResult(ErrorCode Error, VerificationGuard? Guard);

/// <summary>
/// Asks the transaction coordinator before the first batch of a transaction enters a partition (KIP-890), so that no partition is left
/// with a transaction that nobody ends. Thread-safe.
/// </summary>
internal sealed class TransactionVerifier(
    ReplicaManager replicas, TransactionCoordinatorService transactions, TimeProvider time, TimeSpan retryBackoff, TimeSpan maxRetryTime)
{
    /// <summary>What Produce of a version asks for.</summary>
    public static TransactionSupport OfProduce(short version) =>
        version > 11 ? TransactionSupport.AddPartition : version > 10 ? TransactionSupport.VerifyWithAbortable : TransactionSupport.VerifyOnly;

    /// <summary>What TxnOffsetCommit of a version asks for.</summary>
    public static TransactionSupport OfOffsetCommit(short version) =>
        version > 4 ? TransactionSupport.AddPartition : version > 3 ? TransactionSupport.VerifyWithAbortable : TransactionSupport.VerifyOnly;

    /// <summary>Verifies one partition or adds it.</summary>
    public async ValueTask<VerificationResult> VerifyAsync(
        TopicPartition partition, int baseSequence, string transactionalId, ProducerIdAndEpoch producer, TransactionSupport support, CancellationToken cancellationToken)
    {
        var results = new Dictionary<TopicPartition, VerificationResult>();
        await VerifyAsync([new VerificationTarget(partition, baseSequence)], transactionalId, producer, support, results, cancellationToken);
        return results[partition];
    }

    /// <summary>Verifies partitions or adds them.</summary>
    public async ValueTask VerifyAsync(
        IReadOnlyList<VerificationTarget> targets, string transactionalId, ProducerIdAndEpoch producer, TransactionSupport support,
        Dictionary<TopicPartition, VerificationResult> results, CancellationToken cancellationToken)
    {
        var asked = Start(targets, producer, support, results);
        if (asked.Count == 0)
            return;
        var errors = await AskAsync(transactionalId, producer, asked, support, cancellationToken);
        for (var i = 0; i < asked.Count; i++)
        {
            if (errors[i] != ErrorCode.None)
                results[asked[i]] = Refused(errors[i], support);
        }
    }

    /// <summary>Gets the guards; the partitions for which somebody has to be asked.</summary>
    private List<TopicPartition> Start(
        IReadOnlyList<VerificationTarget> targets, ProducerIdAndEpoch producer, TransactionSupport support, Dictionary<TopicPartition, VerificationResult> results)
    {
        var asked = new List<TopicPartition>(targets.Count);
        foreach (var (topicPartition, baseSequence) in targets)
        {
            var error = replicas.FindLeader(topicPartition.Topic, topicPartition.Partition, -1, out var partition);
            var guard = error == ErrorCode.None
                ? partition!.Log.MaybeStartTransactionVerification(producer.Id, baseSequence, producer.Epoch, support == TransactionSupport.AddPartition)
                : null;
            results[topicPartition] = new VerificationResult(error, guard);
            if (guard is not null)
                asked.Add(topicPartition);
        }

        return asked;
    }

    private async ValueTask<IReadOnlyList<ErrorCode>> AskAsync(
        string transactionalId, ProducerIdAndEpoch producer, List<TopicPartition> partitions, TransactionSupport support, CancellationToken cancellationToken)
    {
        if (support != TransactionSupport.AddPartition)
            return await transactions.VerifyPartitionsAsync(transactionalId, producer, partitions);
        // The transaction before is often still being completed: a moment here saves the client a round trip.
        var began = time.GetTimestamp();
        while (true)
        {
            var error = await transactions.AddPartitionsAsync(transactionalId, producer, partitions, TransactionVersions.EpochBump);
            if (error != ErrorCode.ConcurrentTransactions || time.GetElapsedTime(began) >= maxRetryTime)
                return [.. Enumerable.Repeat(error, partitions.Count)];
            await Task.Delay(retryBackoff, time, cancellationToken);
        }
    }

    /// <summary>The error as clients of that version take it.</summary>
    private static VerificationResult Refused(ErrorCode error, TransactionSupport support) => error switch
    {
        ErrorCode.ProducerFenced => new(ErrorCode.InvalidProducerEpoch, null),
        ErrorCode.TransactionAbortable when support == TransactionSupport.VerifyOnly => new(ErrorCode.InvalidTxnState, null),
        _ => new(error, null),
    };
}
