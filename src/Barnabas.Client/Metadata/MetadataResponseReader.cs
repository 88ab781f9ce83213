using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Metadata;

/// <summary>Turns responses into metadata.</summary>
internal static class MetadataResponseReader
{
    public static List<Node> Nodes(MetadataResponse response)
    {
        var nodes = new List<Node>(response.Brokers.Count);
        foreach (var broker in response.Brokers) nodes.Add(new Node(broker.NodeId, broker.Host, broker.Port, broker.Rack));
        return nodes;
    }

    public static TopicMetadata Topic(MetadataResponse.MetadataResponseTopic topic)
    {
        var partitions = new List<PartitionMetadata>(topic.Partitions.Count);
        foreach (var partition in topic.Partitions)
        {
            partitions.Add(new PartitionMetadata
            {
                Partition = partition.PartitionIndex,
                Error = partition.ErrorCode,
                LeaderId = partition.LeaderId,
                LeaderEpoch = partition.LeaderEpoch,
                Replicas = partition.ReplicaNodes,
                InSyncReplicas = partition.IsrNodes,
                OfflineReplicas = partition.OfflineReplicas,
            });
        }

        partitions.Sort(static (left, right) => left.Partition.CompareTo(right.Partition));
        return new TopicMetadata
        {
            Name = topic.Name!,
            TopicId = topic.TopicId,
            Error = topic.ErrorCode,
            IsInternal = topic.IsInternal,
            Partitions = partitions,
            AuthorizedOperations = topic.TopicAuthorizedOperations,
        };
    }
}
