using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Describes topics by name: in pages where the node can (KIP-966), else by its metadata.</summary>
    /// <param name="names">Which.</param>
    /// <param name="includeAuthorizedOperations">Ask also what we may do with them.</param>
    /// <param name="partitionLimitPerResponse">How many partitions a page holds at most.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<string, Outcome<TopicDescription>>> DescribeTopicsAsync(
        IReadOnlyCollection<string> names,
        bool includeAuthorizedOperations = false,
        int partitionLimitPerResponse = 2000,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, TopicDescription>("describeTopics", names);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var connection = await _cluster.ConnectToAnyAsync(token);
            if (connection.Versions.Supports(ApiKey.DescribeTopicPartitions)) await DescribeInPagesAsync(call, open, connection, partitionLimitPerResponse, token);
            else await DescribeByMetadataAsync(call, open, connection, includeAuthorizedOperations, token);
        }, cancellationToken);
    }

    /// <summary>Describes topics by id (KIP-516).</summary>
    public Task<IReadOnlyDictionary<Uuid, Outcome<TopicDescription>>> DescribeTopicsAsync(
        IReadOnlyCollection<Uuid> topicIds, bool includeAuthorizedOperations = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<Uuid, TopicDescription>("describeTopicsWithIds", topicIds);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var connection = await _cluster.ConnectToAnyAsync(token);
            var request = new MetadataRequest { Topics = [], AllowAutoTopicCreation = false, IncludeTopicAuthorizedOperations = includeAuthorizedOperations };
            foreach (var id in open) request.Topics.Add(new MetadataRequest.MetadataRequestTopic { TopicId = id, Name = null });
            var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.Metadata, lowest: 12), token);
            var nodes = MetadataResponseReader.Nodes(response).ToDictionary(node => node.Id);
            foreach (var topic in response.Topics)
            {
                if (topic.ErrorCode != ErrorCode.None) call.Fail(topic.TopicId, topic.ErrorCode.ToException());
                else call.Succeed(topic.TopicId, Describe(MetadataResponseReader.Topic(topic), nodes));
            }

            foreach (var id in call.Open) call.Fail(id, ErrorCode.UnknownTopicId.ToException($"TopicId {id} not found."));
        }, cancellationToken);
    }

    private async Task DescribeInPagesAsync(
        KeyedCall<string, TopicDescription> call, IReadOnlyList<string> open, NodeConnection connection, int partitionLimit, CancellationToken cancellationToken)
    {
        var cluster = await SendToAnyAsync(new DescribeClusterRequest(), cancellationToken);
        if (cluster.ErrorCode != ErrorCode.None) throw cluster.ErrorCode.ToException(cluster.ErrorMessage);
        var nodes = cluster.Brokers.ToDictionary(broker => broker.BrokerId, broker => new Node(broker.BrokerId, broker.Host, broker.Port, broker.Rack));
        var request = new DescribeTopicPartitionsRequest { ResponsePartitionLimit = partitionLimit };
        foreach (var name in open.Order(StringComparer.Ordinal)) request.Topics.Add(new DescribeTopicPartitionsRequest.TopicRequest { Name = name });

        TopicDescription? unfinished = null;
        while (true)
        {
            var response = await connection.SendAsync(request, cancellationToken);
            var next = response.NextCursor;
            foreach (var topic in response.Topics)
            {
                var name = topic.Name!;
                if (topic.ErrorCode != ErrorCode.None)
                {
                    call.Fail(name, topic.ErrorCode.ToException());
                    continue;
                }

                var description = Describe(topic, nodes);
                if (unfinished?.Name == name) description = description with { Partitions = [.. unfinished.Partitions, .. description.Partitions] };
                if (next?.TopicName == name) unfinished = description;
                else call.Succeed(name, description);
            }

            if (next is null) return;
            request.Topics.RemoveAll(topic => string.CompareOrdinal(topic.Name, next.TopicName) < 0);
            request.Cursor = new DescribeTopicPartitionsRequest.CursorData { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex };
        }
    }

    private static async Task DescribeByMetadataAsync(
        KeyedCall<string, TopicDescription> call, IReadOnlyList<string> open, NodeConnection connection, bool includeAuthorizedOperations, CancellationToken cancellationToken)
    {
        var version = connection.Versions.Choose(ApiKey.Metadata);
        var request = new MetadataRequest { Topics = [] };
        if (version >= 4) request.AllowAutoTopicCreation = false;
        if (version >= 8) request.IncludeTopicAuthorizedOperations = includeAuthorizedOperations;
        foreach (var name in open) request.Topics.Add(new MetadataRequest.MetadataRequestTopic { Name = name });
        var response = await connection.SendAsync(request, version, cancellationToken);
        var nodes = MetadataResponseReader.Nodes(response).ToDictionary(node => node.Id);
        foreach (var topic in response.Topics)
        {
            if (topic.ErrorCode != ErrorCode.None) call.Fail(topic.Name!, topic.ErrorCode.ToException());
            else call.Succeed(topic.Name!, Describe(MetadataResponseReader.Topic(topic), nodes));
        }

        foreach (var name in call.Open) call.Fail(name, ErrorCode.UnknownTopicOrPartition.ToException($"Topic {name} not found."));
    }

    private static TopicDescription Describe(TopicMetadata topic, IReadOnlyDictionary<int, Node> nodes) => new()
    {
        Name = topic.Name,
        TopicId = topic.TopicId,
        IsInternal = topic.IsInternal,
        Partitions = [.. topic.Partitions.Select(partition => PartitionDescriptions.Of(partition, nodes))],
        AuthorizedOperations = topic.AuthorizedOperations,
    };

    private static TopicDescription Describe(DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic topic, IReadOnlyDictionary<int, Node> nodes) => new()
    {
        Name = topic.Name!,
        TopicId = topic.TopicId,
        IsInternal = topic.IsInternal,
        AuthorizedOperations = topic.TopicAuthorizedOperations,
        Partitions = [.. topic.Partitions.OrderBy(partition => partition.PartitionIndex).Select(partition => new PartitionDescription(
            partition.PartitionIndex,
            partition.LeaderId < 0 ? null : PartitionDescriptions.NodeOf(nodes, partition.LeaderId),
            PartitionDescriptions.NodesOf(nodes, partition.ReplicaNodes),
            PartitionDescriptions.NodesOf(nodes, partition.IsrNodes),
            partition.EligibleLeaderReplicas is { } eligible ? PartitionDescriptions.NodesOf(nodes, eligible) : null,
            partition.LastKnownElr is { } lastKnown ? PartitionDescriptions.NodesOf(nodes, lastKnown) : null,
            partition.LeaderEpoch))],
    };
}
