using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Deletes the records before an offset of each partition; -1 deletes all up to the high watermark.</summary>
    /// <returns>The new low watermark of each partition.</returns>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<long>>> DeleteRecordsAsync(
        IReadOnlyDictionary<TopicPartition, long> beforeOffsets, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(beforeOffsets);
        var call = new KeyedCall<TopicPartition, long>("deleteRecords", beforeOffsets.Keys);
        return RunAsync(call, timeout, (open, token) => ForEachLeaderAsync(call, open, async (connection, partitions, inner) =>
        {
            var request = new DeleteRecordsRequest { TimeoutMs = TimeoutMs(timeout) };
            foreach (var topic in partitions.GroupBy(partition => partition.Topic))
            {
                request.Topics.Add(new DeleteRecordsRequest.DeleteRecordsTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(partition => new DeleteRecordsRequest.DeleteRecordsPartition { PartitionIndex = partition.Partition, Offset = beforeOffsets[partition] })],
                });
            }

            var response = await connection.SendAsync(request, inner);
            lock (call)
            {
                foreach (var topic in response.Topics)
                {
                    foreach (var result in topic.Partitions)
                    {
                        var partition = new TopicPartition(topic.Name, result.PartitionIndex);
                        if (result.ErrorCode == ErrorCode.None) call.Succeed(partition, result.LowWatermark);
                        else if (ErrorCodes.IsRetriable(result.ErrorCode)) call.Retry(partition, result.ErrorCode.ToException());
                        else call.Fail(partition, result.ErrorCode.ToException());
                    }
                }
            }
        }, token), cancellationToken);
    }
}
