// OffsetDelete, version 0. Partitions that do not exist fail alone; those of topics a member reads fail with GROUP_SUBSCRIBED_TO_TOPIC.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class OffsetDeleteApi(MetadataCache metadata, GroupCoordinatorService groups)
    : ApiHandler<OffsetDeleteRequest, OffsetDeleteResponse>(ApiKey.OffsetDelete)
{
    protected override async ValueTask<OffsetDeleteResponse?> HandleAsync(RequestContext context, OffsetDeleteRequest request)
    {
        if (!context.IsAuthorized(AclOperation.Delete, ResourceType.Group, request.GroupId))
            return new() { ErrorCode = ErrorCode.GroupAuthorizationFailed };
        var image = metadata.Image;
        var known = new OffsetDeleteRequest { GroupId = request.GroupId };
        var missing = new List<OffsetDeleteResponse.OffsetDeleteResponseTopic>();
        foreach (var topic in request.Topics)
        {
            if (!context.IsAuthorized(AclOperation.Read, ResourceType.Topic, topic.Name))
            {
                missing.Add(new()
                {
                    Name = topic.Name,
                    Partitions = topic.Partitions.ConvertAll(p => new OffsetDeleteResponse.OffsetDeleteResponsePartition { PartitionIndex = p.PartitionIndex, ErrorCode = ErrorCode.TopicAuthorizationFailed }),
                });
                continue;
            }
            Split(topic, image.Topics.Find(topic.Name), known, missing);
        }

        var response = await groups.DeleteOffsetsAsync(known);
        if (response.ErrorCode == ErrorCode.None)
            Merge(response, missing);
        return response;
    }

    protected override OffsetDeleteResponse ErrorResponse(RequestContext context, OffsetDeleteRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };

    private static void Split(
        OffsetDeleteRequest.OffsetDeleteRequestTopic topic, TopicImage? found, OffsetDeleteRequest known, List<OffsetDeleteResponse.OffsetDeleteResponseTopic> missing)
    {
        var existing = new OffsetDeleteRequest.OffsetDeleteRequestTopic { Name = topic.Name };
        var absent = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = topic.Name };
        foreach (var partition in topic.Partitions)
        {
            if (found?.Partition(partition.PartitionIndex) is not null)
                existing.Partitions.Add(partition);
            else
                absent.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = ErrorCode.UnknownTopicOrPartition });
        }

        if (existing.Partitions.Count > 0)
            known.Topics.Add(existing);
        if (absent.Partitions.Count > 0)
            missing.Add(absent);
    }

    private static void Merge(OffsetDeleteResponse response, List<OffsetDeleteResponse.OffsetDeleteResponseTopic> missing)
    {
        foreach (var topic in missing)
        {
            if (response.Topics.Find(other => other.Name == topic.Name) is { } existing)
                existing.Partitions.AddRange(topic.Partitions);
            else
                response.Topics.Add(topic);
        }
    }
}
