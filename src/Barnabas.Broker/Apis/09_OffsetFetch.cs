// OffsetFetch, versions 0-10 (several groups at once from 8, member epochs from 9, topic ids from 10).
// Deviation: version 0, which Apache Kafka 4 dropped, is served from the coordinator, not from ZooKeeper.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class OffsetFetchApi(MetadataCache metadata, GroupCoordinatorService groups)
    : ApiHandler<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch)
{
    private const short FirstBatchedVersion = 8;
    private const short FirstVersionWithTopicIds = 10;

    protected override async ValueTask<OffsetFetchResponse?> HandleAsync(RequestContext context, OffsetFetchRequest request)
    {
        if (context.ApiVersion < FirstBatchedVersion)
            return ToSingle(await FetchAsync(context, SingleGroup(request), request.RequireStable));

        var pending = new List<Task<OffsetFetchResponse.OffsetFetchResponseGroup>>(request.Groups.Count);
        foreach (var group in request.Groups)
            pending.Add(FetchAsync(context, group, request.RequireStable));
        var response = new OffsetFetchResponse();
        foreach (var group in pending)
            response.Groups.Add(await group);
        return response;
    }

    protected override OffsetFetchResponse ErrorResponse(RequestContext context, OffsetFetchRequest request, KafkaException error)
    {
        var coordinatorContext = GroupRequests.ContextOf(context);
        if (context.ApiVersion < FirstBatchedVersion)
            return ToSingle(GroupCoordinatorService.FetchFailure(coordinatorContext, SingleGroup(request), error.ErrorCode));

        var response = new OffsetFetchResponse();
        foreach (var group in request.Groups)
            response.Groups.Add(GroupCoordinatorService.FetchFailure(coordinatorContext, group, error.ErrorCode));
        return response;
    }

    private async Task<OffsetFetchResponse.OffsetFetchResponseGroup> FetchAsync(
        RequestContext context, OffsetFetchRequest.OffsetFetchRequestGroup group, bool requireStable)
    {
        if (!context.IsAuthorized(AclOperation.Describe, ResourceType.Group, group.GroupId))
            return GroupCoordinatorService.FetchFailure(GroupRequests.ContextOf(context), group, ErrorCode.GroupAuthorizationFailed);
        var usesIds = context.ApiVersion >= FirstVersionWithTopicIds;
        List<OffsetFetchRequest.OffsetFetchRequestTopics>? unknown = null;
        if (usesIds && group.Topics is { } topics)
        {
            var image = metadata.Image;
            foreach (var topic in topics)
                topic.Name = image.Topics.Find(topic.TopicId)?.Name ?? "";
            unknown = topics.FindAll(topic => topic.Name.Length == 0);
            topics.RemoveAll(topic => topic.Name.Length == 0);
        }

        var denied = context.HasAuthorizer ? TakeDenied(context, group) : [];
        var response = await groups.FetchOffsetsAsync(GroupRequests.ContextOf(context), group, requireStable);
        if (response.ErrorCode != ErrorCode.None)
            return response;

        if (usesIds && group.Topics is null)
            AddTopicIds(response);
        if (group.Topics is null)
            response.Topics.RemoveAll(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name, logIfDenied: false));
        foreach (var topic in denied)
            response.Topics.Add(Failed(topic, ErrorCode.TopicAuthorizationFailed));
        foreach (var topic in unknown ?? [])
            response.Topics.Add(Failed(topic, ErrorCode.UnknownTopicId));
        return response;
    }

    /// <summary>All offsets of a group come by name; those of topics that are gone cannot be named by id.</summary>
    private void AddTopicIds(OffsetFetchResponse.OffsetFetchResponseGroup response)
    {
        var image = metadata.Image;
        foreach (var topic in response.Topics)
            topic.TopicId = image.Topics.Find(topic.Name)?.Id ?? Uuid.Zero;
        response.Topics.RemoveAll(topic => topic.TopicId == Uuid.Zero);
    }

    private static List<OffsetFetchRequest.OffsetFetchRequestTopics> TakeDenied(RequestContext context, OffsetFetchRequest.OffsetFetchRequestGroup group)
    {
        if (group.Topics is not { } topics)
            return [];
        var denied = topics.FindAll(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic.Name));
        topics.RemoveAll(denied.Contains);
        return denied;
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopics Failed(OffsetFetchRequest.OffsetFetchRequestTopics topic, ErrorCode error)
    {
        var response = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic.Name, TopicId = topic.TopicId };
        foreach (var partition in topic.PartitionIndexes)
            response.Partitions.Add(new() { PartitionIndex = partition, CommittedOffset = -1, CommittedLeaderEpoch = -1, Metadata = "", ErrorCode = error });
        return response;
    }

    private static OffsetFetchRequest.OffsetFetchRequestGroup SingleGroup(OffsetFetchRequest request)
    {
        var group = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = request.GroupId, Topics = request.Topics is null ? null : [] };
        foreach (var topic in request.Topics ?? [])
            group.Topics!.Add(new() { Name = topic.Name, PartitionIndexes = topic.PartitionIndexes });
        return group;
    }

    private static OffsetFetchResponse ToSingle(OffsetFetchResponse.OffsetFetchResponseGroup group)
    {
        var response = new OffsetFetchResponse { ErrorCode = group.ErrorCode };
        foreach (var topic in group.Topics)
        {
            var single = new OffsetFetchResponse.OffsetFetchResponseTopic { Name = topic.Name };
            foreach (var partition in topic.Partitions)
            {
                single.Partitions.Add(new()
                {
                    PartitionIndex = partition.PartitionIndex,
                    CommittedOffset = partition.CommittedOffset,
                    CommittedLeaderEpoch = partition.CommittedLeaderEpoch,
                    Metadata = partition.Metadata,
                    ErrorCode = partition.ErrorCode,
                });
            }

            response.Topics.Add(single);
        }

        return response;
    }
}
