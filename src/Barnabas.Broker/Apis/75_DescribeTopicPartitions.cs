// DescribeTopicPartitions, version 0 (KIP-966): topics in the order of their names, a page at a time.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeTopicPartitionsApi(MetadataCache metadata, int maxPartitionsPerResponse)
    : ApiHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(ApiKey.DescribeTopicPartitions)
{
    protected override ValueTask<DescribeTopicPartitionsResponse?> HandleAsync(RequestContext context, DescribeTopicPartitionsRequest request)
    {
        var image = metadata.Image;
        var cursor = request.Cursor;
        if (cursor is { PartitionIndex: < 0 })
            throw new KafkaException(ErrorCode.InvalidRequest, "DescribeTopicPartitionsRequest cursor partition must be valid");
        var names = new SortedSet<string>(request.Topics.Count > 0 ? request.Topics.Select(t => t.Name) : image.Topics.ByName.Keys, StringComparer.Ordinal);
        if (cursor is not null)
            names.RemoveWhere(name => string.CompareOrdinal(name, cursor.TopicName) < 0);
        var response = new DescribeTopicPartitionsResponse();
        var left = Math.Clamp(request.ResponsePartitionLimit, 1, maxPartitionsPerResponse);
        foreach (var name in names)
        {
            if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, name, logIfDenied: request.Topics.Count > 0))
            {
                if (request.Topics.Count > 0)
                    response.Topics.Add(new() { Name = name, ErrorCode = ErrorCode.TopicAuthorizationFailed });
                continue;
            }
            var first = cursor is not null && cursor.TopicName == name ? cursor.PartitionIndex : 0;
            if (image.Topics.Find(name) is not { } topic)
            {
                // A topic that is gone from under a cursor is passed over; one that was asked for is an error.
                if (request.Topics.Count > 0)
                    response.Topics.Add(Unknown(name));
                continue;
            }
            if (left == 0)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = first };
                break;
            }
            var described = Describe(image, topic, first, ref left, context.ListenerName, out var next);
            described.TopicAuthorizedOperations = context.AuthorizedOperations(ResourceType.Topic, name);
            response.Topics.Add(described);
            if (next is { } index)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = index };
                break;
            }
        }
        return new(response);
    }

    protected override DescribeTopicPartitionsResponse ErrorResponse(RequestContext context, DescribeTopicPartitionsRequest request, KafkaException error)
    {
        var response = new DescribeTopicPartitionsResponse();
        foreach (var topic in request.Topics)
            response.Topics.Add(new() { Name = topic.Name, ErrorCode = error.ErrorCode, IsInternal = TopicNames.IsInternal(topic.Name) });
        return response;
    }

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic Unknown(string name) => new()
    {
        Name = name,
        ErrorCode = TopicNames.IsValid(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
        IsInternal = TopicNames.IsInternal(name),
    };

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic Describe(
        MetadataImage image, TopicImage topic, int first, ref int left, string listenerName, out int? next)
    {
        next = null;
        var described = new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = TopicNames.IsInternal(topic.Name),
        };
        foreach (var (index, partition) in topic.Partitions)
        {
            if (index < first)
                continue;
            if (left == 0)
            {
                next = index;
                break;
            }
            left--;
            var state = PartitionStates.Of(image, partition, listenerName);
            described.Partitions.Add(new()
            {
                ErrorCode = state.Error,
                PartitionIndex = index,
                LeaderId = state.LeaderId,
                LeaderEpoch = partition.LeaderEpoch,
                ReplicaNodes = [.. partition.Replicas],
                IsrNodes = [.. partition.Isr],
                EligibleLeaderReplicas = [.. partition.Elr],
                LastKnownElr = [.. partition.LastKnownElr],
                OfflineReplicas = state.OfflineReplicas,
            });
        }
        return described;
    }
}
