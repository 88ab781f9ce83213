using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Transactions;

public sealed partial class TransactionCoordinatorService
{
    /// <summary>InitProducerId of a transactional id (KIP-98, KIP-360, KIP-939).</summary>
    public Task<ProducerAnswer> InitProducerIdAsync(InitProducerId request)
    {
        var error = Check(request.TransactionalId);
        if (error == ErrorCode.None && request.EnableTwoPhaseCommit && !_config.TwoPhaseCommitEnable)
            error = ErrorCode.TransactionalIdAuthorizationFailed;
        if (error == ErrorCode.None && request.KeepPreparedTransaction)
            error = ErrorCode.UnsupportedVersion;
        if (error == ErrorCode.None && !request.EnableTwoPhaseCommit && (request.TimeoutMs <= 0 || request.TimeoutMs > _config.MaxTimeoutMs))
            error = ErrorCode.InvalidTransactionTimeout;
        return error != ErrorCode.None
            ? Task.FromResult(ProducerAnswer.Failed(error))
            : WithProducerIdAsync(request.TransactionalId, (shard, fresh) => shard.InitProducerId(request, fresh));
    }

    /// <summary>EndTxn.</summary>
    public Task<ProducerAnswer> EndTransactionAsync(EndTransaction request)
    {
        var error = Check(request.TransactionalId);
        return error != ErrorCode.None
            ? Task.FromResult(ProducerAnswer.Failed(error))
            : WithProducerIdAsync(request.TransactionalId, (shard, fresh) => shard.End(request, fresh));
    }

    /// <summary>Adds partitions to a producer's transaction, beginning it when none is open.</summary>
    /// <returns>NONE, or the error of every partition.</returns>
    public async Task<ErrorCode> AddPartitionsAsync(
        string transactionalId, ProducerIdAndEpoch producer, IReadOnlyCollection<TopicPartition> partitions, short clientTransactionVersion)
    {
        var error = Check(transactionalId);
        if (error != ErrorCode.None)
            return error;
        try
        {
            return await _runtime.WriteAsync(ShardOf(transactionalId), shard => shard.AddPartitions(transactionalId, producer, partitions, clientTransactionVersion));
        }
        catch (Exception e)
        {
            return CoordinatorErrors.ToClientError(e);
        }
    }

    /// <summary>Whether partitions belong to a producer's transaction.</summary>
    /// <returns>For each partition, in order: NONE, TRANSACTION_ABORTABLE, or why it cannot be said.</returns>
    public async Task<IReadOnlyList<ErrorCode>> VerifyPartitionsAsync(
        string transactionalId, ProducerIdAndEpoch producer, IReadOnlyCollection<TopicPartition> partitions)
    {
        var error = Check(transactionalId);
        if (error == ErrorCode.None)
        {
            try
            {
                return await _runtime.ReadAsync(ShardOf(transactionalId), shard => shard.VerifyPartitions(transactionalId, producer, partitions));
            }
            catch (Exception e)
            {
                error = CoordinatorErrors.ToClientError(e);
            }
        }

        return [.. Enumerable.Repeat(error, partitions.Count)];
    }

    /// <summary>Runs an operation, and once more with a fresh producer id when it asks for one.</summary>
    private async Task<ProducerAnswer> WithProducerIdAsync(
        string transactionalId, Func<TransactionCoordinatorShard, long?, CoordinatorResult<ProducerAnswer?>> operation)
    {
        try
        {
            var shardPartition = ShardOf(transactionalId);
            if (await _runtime.WriteAsync(shardPartition, shard => operation(shard, null)) is { } answer)
                return answer;
            var fresh = await _nextProducerId(_stopping.Token);
            return await _runtime.WriteAsync(shardPartition, shard => operation(shard, fresh))
                ?? throw new InvalidOperationException("An operation that has a producer id asked for one.");
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return ProducerAnswer.Failed(ErrorCode.CoordinatorNotAvailable);
        }
        catch (Exception e)
        {
            return ProducerAnswer.Failed(CoordinatorErrors.ToClientError(e));
        }
    }
}
