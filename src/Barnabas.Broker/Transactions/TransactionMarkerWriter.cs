using Barnabas.Broker.Cache;
using Barnabas.Coordination.Runtime;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Transactions;

/// <summary>Writes the markers of this broker's transactions, again and again until each partition has its own or is gone. Thread-safe.</summary>
internal sealed class TransactionMarkerWriter(MetadataCache metadata, TransactionMarkerAppender appender, TimeProvider time, ILogger logger) : ITransactionMarkers
{
    private static readonly TimeSpan RetryBackoff = TimeSpan.FromMilliseconds(100);

    public async Task<bool> WriteAsync(PreparedTransaction transaction, CancellationToken cancellationToken)
    {
        var end = new TransactionEnd(
            transaction.ProducerId, transaction.ProducerEpoch, transaction.CoordinatorEpoch, transaction.IsCommit, transaction.TransactionVersion);
        var left = new List<TopicPartition>(transaction.Partitions);
        while (true)
        {
            var failed = new List<TopicPartition>();
            foreach (var partition in left)
            {
                if (metadata.Image.Topics.FindPartition(partition.Topic, partition.Partition) is null)
                {
                    BrokerLog.MarkerSkipped(logger, partition, transaction.TransactionalId);
                    continue;
                }

                var error = await appender.AppendAsync(partition, end);
                if (error is ErrorCode.InvalidProducerEpoch or ErrorCode.TransactionCoordinatorFenced)
                    return false;
                if (error == ErrorCode.None)
                    continue;
                BrokerLog.MarkerDelayed(logger, partition, transaction.TransactionalId, error);
                failed.Add(partition);
            }

            if (failed.Count == 0)
                return true;
            left = failed;
            await Task.Delay(RetryBackoff, time, cancellationToken);
        }
    }
}
