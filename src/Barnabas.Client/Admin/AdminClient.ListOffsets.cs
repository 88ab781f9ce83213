using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Finds offsets by time or as one of the specials.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<ListedOffset>>> ListOffsetsAsync(
        IReadOnlyDictionary<TopicPartition, OffsetSpec> specs,
        IsolationLevel isolationLevel = IsolationLevel.ReadUncommitted,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(specs);
        var call = new KeyedCall<TopicPartition, ListedOffset>("listOffsets", specs.Keys);
        return RunAsync(call, timeout, (open, token) => ForEachLeaderAsync(call, open, async (connection, partitions, inner) =>
        {
            var highest = connection.Versions.Choose(ApiKey.ListOffsets);
            foreach (var unknown in partitions.FindAll(partition => specs[partition].LowestVersion > highest))
            {
                lock (call) call.Fail(unknown, new UnsupportedVersionException($"Broker {connection.Node.Id} does not support the offset specification of partition {unknown}"));
                partitions.Remove(unknown);
            }

            if (partitions.Count == 0) return;
            var request = new ListOffsetsRequest { ReplicaId = -1 };
            if (highest >= 2) request.IsolationLevel = (sbyte)isolationLevel;
            if (highest >= 10) request.TimeoutMs = TimeoutMs(timeout);
            foreach (var topic in partitions.GroupBy(partition => partition.Topic))
            {
                request.Topics.Add(new ListOffsetsRequest.ListOffsetsTopic
                {
                    Name = topic.Key,
                    Partitions = [.. topic.Select(partition => new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = partition.Partition, Timestamp = specs[partition].Timestamp })],
                });
            }

            var response = await connection.SendAsync(request, highest, inner);
            lock (call)
            {
                foreach (var topic in response.Topics)
                {
                    foreach (var result in topic.Partitions)
                    {
                        var partition = new TopicPartition(topic.Name, result.PartitionIndex);
                        if (result.ErrorCode == ErrorCode.None) call.Succeed(partition, new ListedOffset(result.Offset, result.Timestamp, result.LeaderEpoch));
                        else if (ErrorCodes.IsRetriable(result.ErrorCode)) call.Retry(partition, result.ErrorCode.ToException());
                        else call.Fail(partition, result.ErrorCode.ToException());
                    }
                }
            }
        }, token), cancellationToken);
    }
}
