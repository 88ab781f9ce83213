using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>Reads what one replica has of partitions, whether it leads them or not.</summary>
internal sealed class ReplicaFetcher(ClusterClient cluster, int fetchSize, int maxWaitMs)
{
    // The last version in which partitions go by the names of their topics.
    private const short Version = 12;
    private const int Debugging = -2;

    /// <exception cref="KafkaException">The node answers with an error that is not one of a partition.</exception>
    public async Task FetchAsync(Node node, List<ReplicaComparison> checks, CancellationToken cancellation)
    {
        if (checks.Count == 0)
            return;
        var request = new FetchRequest { ReplicaId = Debugging, MaxWaitMs = maxWaitMs, MinBytes = 1, MaxBytes = int.MaxValue, SessionEpoch = -1 };
        foreach (var topic in checks.GroupBy(check => check.Partition.Topic))
        {
            request.Topics.Add(new FetchRequest.FetchTopic
            {
                Topic = topic.Key,
                Partitions = [.. topic.Select(check => new FetchRequest.FetchPartition { Partition = check.Partition.Partition, FetchOffset = check.Offset, PartitionMaxBytes = fetchSize })],
            });
        }

        var connection = await cluster.ConnectAsync(node, ConnectionRole.Fetch, cancellation);
        var response = await connection.SendAsync(request, Version, cancellation);
        if (response.ErrorCode != ErrorCode.None)
            throw response.ErrorCode.ToException();
        var found = checks.ToDictionary(check => check.Partition);
        foreach (var topic in response.Responses)
            foreach (var partition in topic.Partitions)
                if (partition.ErrorCode == ErrorCode.None && found.TryGetValue(new TopicPartition(topic.Topic, partition.PartitionIndex), out var check))
                    check.Take(node.Id, partition.Records ?? default(ReadOnlyMemory<byte>), partition.HighWatermark);
    }
}
