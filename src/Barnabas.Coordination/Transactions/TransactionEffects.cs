using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Coordination.Transactions;

/// <summary>
/// What follows a shard's decisions: markers, then the completion; producer ids for aborts. Called by shards, runs on the pool's
/// threads, ends when the coordinator stops. What it does not finish is done by the next loading of the shard.
/// </summary>
internal sealed class TransactionEffects(
    ITransactionMarkers markers, Func<CancellationToken, ValueTask<long>> nextProducerId, TimeProvider time, ILogger logger, CancellationToken stopping)
    : ITransactionEffects
{
    private static readonly TimeSpan RetryBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryBackoff = TimeSpan.FromSeconds(10);

    /// <summary>Set once, before the first shard is loaded.</summary>
    public CoordinatorRuntime<TransactionCoordinatorShard> Runtime { private get; set; } = null!;

    public void SendMarkers(TopicPartition shard, PreparedTransaction transaction) => _ = SendMarkersAsync(shard, transaction);

    public void AbortWithNewProducerId(TopicPartition shard, string transactionalId) => _ = AbortAsync(shard, transactionalId);

    private async Task SendMarkersAsync(TopicPartition shard, PreparedTransaction transaction)
    {
        var backoff = RetryBackoff;
        while (true)
        {
            try
            {
                if (await markers.WriteAsync(transaction, stopping))
                    await CompleteAsync(shard, transaction);
                else
                    logger.MarkersFenced(transaction.TransactionalId, transaction.ProducerId, transaction.ProducerEpoch);
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The markers are written again after the next start.
                return;
            }
            catch (Exception e)
            {
                logger.MarkersFailed(e, transaction.TransactionalId, (long)backoff.TotalMilliseconds);
            }

            if (!await IsStillDueAsync(shard, transaction, backoff))
                return;
            backoff = backoff * 2 < MaxRetryBackoff ? backoff * 2 : MaxRetryBackoff;
        }
    }

    /// <summary>Waits, then says whether the markers are still this shard's to write: it is led here, and the decision stands without its completion.</summary>
    private async Task<bool> IsStillDueAsync(TopicPartition shard, PreparedTransaction transaction, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, stopping);
            return await Runtime.ReadAsync(shard, s => s.IsDecided(transaction));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (KafkaException e)
        {
            // Whoever loads the shard finds the decision and writes the markers anew.
            return e.ErrorCode is not (ErrorCode.NotCoordinator or ErrorCode.NotLeaderOrFollower or ErrorCode.CoordinatorLoadInProgress);
        }
    }

    private async Task CompleteAsync(TopicPartition shard, PreparedTransaction transaction)
    {
        var producer = new ProducerIdAndEpoch(transaction.ProducerId, transaction.ProducerEpoch);
        while (true)
        {
            try
            {
                await Runtime.WriteAsync(shard, s => s.Complete(transaction.TransactionalId, producer));
                return;
            }
            catch (KafkaException e) when (e.ErrorCode is ErrorCode.NotCoordinator or ErrorCode.NotLeaderOrFollower or ErrorCode.CoordinatorLoadInProgress)
            {
                // Whoever loads the shard finds the decision and writes the markers anew.
                return;
            }
            catch (KafkaException e)
            {
                logger.CompletionDelayed(transaction.TransactionalId, e.ErrorCode);
            }

            await Task.Delay(RetryBackoff, time, stopping);
        }
    }

    private async Task AbortAsync(TopicPartition shard, string transactionalId)
    {
        try
        {
            var fresh = await nextProducerId(stopping);
            await Runtime.WriteAsync(shard, s => s.AbortTimedOut(transactionalId, fresh));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start finds the transaction timed out.
        }
        catch (Exception e)
        {
            logger.AbortDelayed(transactionalId, CoordinatorErrors.ToClientError(e));
        }
    }
}
