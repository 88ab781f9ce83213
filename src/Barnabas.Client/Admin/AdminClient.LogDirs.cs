using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>The log directories of brokers, by path, with all replicas in them.</summary>
    public Task<IReadOnlyDictionary<int, Outcome<IReadOnlyDictionary<string, LogDirectory>>>> DescribeLogDirsAsync(
        IReadOnlyCollection<int> brokerIds, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<int, IReadOnlyDictionary<string, LogDirectory>>("describeLogDirs", brokerIds);
        return RunAsync(call, timeout, (open, token) => Task.WhenAll(open.Select(async brokerId =>
        {
            try
            {
                var response = await SendToNodeAsync(brokerId, new DescribeLogDirsRequest { Topics = null }, token);
                lock (call)
                {
                    if (response.ErrorCode != ErrorCode.None) call.Fail(brokerId, response.ErrorCode.ToException());
                    // Nodes before version 3 answer an empty list where they would refuse.
                    else if (response.Results.Count == 0) call.Fail(brokerId, ErrorCode.ClusterAuthorizationFailed.ToException());
                    else call.Succeed(brokerId, response.Results.ToDictionary(directory => directory.LogDir, ToDirectory));
                }
            }
            catch (KafkaException error)
            {
                lock (call)
                {
                    if (ErrorClassification.IsRetriable(error) || error is NodeNotKnownException) call.Retry(brokerId, error);
                    else call.Fail(brokerId, error);
                }
            }
        })), cancellationToken);
    }

    /// <summary>Moves replicas of one broker into other log directories of it.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<Done>>> AlterReplicaLogDirsAsync(
        int brokerId, IReadOnlyDictionary<TopicPartition, string> directories, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(directories);
        var call = new KeyedCall<TopicPartition, Done>("alterReplicaLogDirs", directories.Keys);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var request = new AlterReplicaLogDirsRequest();
            foreach (var directory in open.GroupBy(partition => directories[partition]))
            {
                request.Dirs.Add(new AlterReplicaLogDirsRequest.AlterReplicaLogDir
                {
                    Path = directory.Key,
                    Topics = [.. directory.GroupBy(partition => partition.Topic).Select(topic => new AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic { Name = topic.Key, Partitions = [.. topic.Select(partition => partition.Partition)] })],
                });
            }

            var response = await SendToNodeAsync(brokerId, request, token);
            foreach (var topic in response.Results)
            {
                foreach (var result in topic.Partitions)
                {
                    var partition = new TopicPartition(topic.TopicName, result.PartitionIndex);
                    if (result.ErrorCode == ErrorCode.None) call.Succeed(partition, default);
                    else call.Fail(partition, result.ErrorCode.ToException());
                }
            }
        }, cancellationToken);
    }

    private static LogDirectory ToDirectory(DescribeLogDirsResponse.DescribeLogDirsResult directory)
    {
        var replicas = new Dictionary<TopicPartition, ReplicaOnDisk>();
        foreach (var topic in directory.Topics)
        {
            foreach (var partition in topic.Partitions)
                replicas[new TopicPartition(topic.Name, partition.PartitionIndex)] = new ReplicaOnDisk(partition.PartitionSize, partition.OffsetLag, partition.IsFutureKey);
        }

        return new LogDirectory(
            directory.ErrorCode == ErrorCode.None ? null : directory.ErrorCode.ToException(),
            replicas,
            directory.TotalBytes < 0 ? null : directory.TotalBytes,
            directory.UsableBytes < 0 ? null : directory.UsableBytes,
            directory.IsCordoned);
    }
}
