using Barnabas.Broker.Cache;
using Barnabas.Broker.Replication;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Barnabas.Storage;

namespace Barnabas.Broker.Transactions;

/// <summary>
/// Appends markers to the partitions that this broker leads. Those of <c>__consumer_offsets</c> go through the group coordinator,
/// so that pending offsets count, or not, from then on. Thread-safe.
/// </summary>
internal sealed class TransactionMarkerAppender(ReplicaManager replicas, GroupCoordinatorService groups, Func<string, int> minInSyncReplicas, TimeProvider time)
{
    /// <summary>Appends one marker and waits until it is as durable as records have to be.</summary>
    /// <returns>NONE or what went wrong.</returns>
    public async Task<ErrorCode> AppendAsync(TopicPartition topicPartition, TransactionEnd end)
    {
        try
        {
            if (topicPartition.Topic == TopicNames.ConsumerOffsets)
                await groups.CompleteTransactionAsync(topicPartition.Partition, end);
            else
                await AppendToLogAsync(topicPartition, end);
            return ErrorCode.None;
        }
        catch (KafkaException e)
        {
            return e.ErrorCode;
        }
    }

    private async Task AppendToLogAsync(TopicPartition topicPartition, TransactionEnd end)
    {
        var partition = replicas.GetLeader(topicPartition);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = new EndTransactionMarker(end.IsCommit, end.CoordinatorEpoch).BuildBatch(0, nowMs, -1, end.ProducerId, end.ProducerEpoch);
        var info = partition.Append(batch, -1, AppendOrigin.Coordinator, minInSyncReplicas(topicPartition.Topic), new TransactionAppend(null, end.TransactionVersion));
        if (info.RequiresFlush)
            await partition.FlushAsync(info);
    }
}
