// OffsetCommit, versions 0-10 (topic ids from 10). Partitions that do not exist fail alone; the rest goes to the group's coordinator.
// Deviation: versions 0 and 1, which Apache Kafka 4 dropped, are served; version 0 stores in the coordinator, not in ZooKeeper.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class OffsetCommitApi(MetadataCache metadata, GroupCoordinatorService groups)
    : ApiHandler<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit)
{
    private const short FirstVersionWithTopicIds = 10;

    protected override async ValueTask<OffsetCommitResponse?> HandleAsync(RequestContext context, OffsetCommitRequest request)
    {
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
            return ErrorResponse(context, request, new KafkaException(ErrorCode.GroupAuthorizationFailed));
        var image = metadata.Image;
        var response = new OffsetCommitResponse();
        var known = new List<OffsetCommitRequest.OffsetCommitRequestTopic>(request.Topics.Count);
        foreach (var topic in request.Topics)
        {
            var found = context.ApiVersion >= FirstVersionWithTopicIds ? image.Topics.Find(topic.TopicId) : image.Topics.Find(topic.Name);
            if ((context.ApiVersion < FirstVersionWithTopicIds || found is not null) && !context.IsAuthorized(AclOperation.Read, ResourceType.Topic, found?.Name ?? topic.Name))
                AddFailures(response, topic, ErrorCode.TopicAuthorizationFailed);
            else if (found is not null)
                Split(topic, found, known, response);
            else
                AddFailures(response, topic, context.ApiVersion >= FirstVersionWithTopicIds ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition);
        }

        if (known.Count == 0)
            return response;

        request.Topics = known;
        Merge(response, await groups.CommitOffsetsAsync(GroupRequests.ContextOf(context), request));
        return response;
    }

    protected override OffsetCommitResponse ErrorResponse(RequestContext context, OffsetCommitRequest request, KafkaException error) =>
        GroupCoordinatorService.CommitFailure(request, error.ErrorCode);

    /// <summary>Keeps the partitions that exist and answers the others. The coordinator knows topics by name and id alike.</summary>
    private static void Split(
        OffsetCommitRequest.OffsetCommitRequestTopic topic, TopicImage found, List<OffsetCommitRequest.OffsetCommitRequestTopic> known, OffsetCommitResponse response)
    {
        topic.Name = found.Name;
        topic.TopicId = found.Id;
        var missing = topic.Partitions.FindAll(partition => found.Partition(partition.PartitionIndex) is null);
        if (missing.Count > 0)
        {
            AddFailures(response, new() { Name = found.Name, TopicId = found.Id, Partitions = missing }, ErrorCode.UnknownTopicOrPartition);
            topic.Partitions.RemoveAll(missing.Contains);
        }

        if (topic.Partitions.Count > 0)
            known.Add(topic);
    }

    private static void AddFailures(OffsetCommitResponse response, OffsetCommitRequest.OffsetCommitRequestTopic topic, ErrorCode error)
    {
        var failed = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
        foreach (var partition in topic.Partitions)
            failed.Partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
        response.Topics.Add(failed);
    }

    private static void Merge(OffsetCommitResponse response, OffsetCommitResponse committed)
    {
        foreach (var topic in committed.Topics)
        {
            if (response.Topics.Find(other => other.Name == topic.Name && other.TopicId == topic.TopicId) is { } existing)
                existing.Partitions.AddRange(topic.Partitions);
            else
                response.Topics.Add(topic);
        }
    }
}
