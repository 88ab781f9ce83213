// StreamsGroupDescribe, version 0 (KIP-1071).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class StreamsGroupDescribeApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse>(ApiKey.StreamsGroupDescribe)
{
    protected override async ValueTask<StreamsGroupDescribeResponse?> HandleAsync(RequestContext context, StreamsGroupDescribeRequest request)
    {
        if (!protocols.ServesStreamsGroups)
            return Failures(request, ErrorCode.UnsupportedVersion, null);
        var allowed = request.GroupIds.FindAll(groupId => context.IsAuthorized(AclOperation.Describe, ResourceType.Group, groupId));
        var described = await groups.StreamsGroupDescribeAsync(allowed);
        HideTopics(context, described);
        if (request.IncludeAuthorizedOperations)
        {
            foreach (var group in described)
            {
                if (group.ErrorCode == ErrorCode.None)
                    group.AuthorizedOperations = context.AuthorizedOperations(ResourceType.Group, group.GroupId);
            }
        }

        foreach (var groupId in request.GroupIds.Except(allowed))
            described.Add(new() { GroupId = groupId, ErrorCode = ErrorCode.GroupAuthorizationFailed });
        return new() { Groups = described };
    }

    protected override StreamsGroupDescribeResponse ErrorResponse(RequestContext context, StreamsGroupDescribeRequest request, KafkaException error) =>
        Failures(request, error.ErrorCode, error.Message);

    /// <summary>A group that reads a topic the client may not describe is not shown at all: its topology tells of the topic.</summary>
    private static void HideTopics(RequestContext context, List<StreamsGroupDescribeResponse.DescribedGroup> described)
    {
        if (!context.HasAuthorizer)
            return;
        for (var i = 0; i < described.Count; i++)
        {
            var topics = described[i].Topology?.Subtopologies?.SelectMany(subtopology => subtopology.SourceTopics.Concat(subtopology.RepartitionSinkTopics)
                .Concat(subtopology.RepartitionSourceTopics.Select(topic => topic.Name)).Concat(subtopology.StateChangelogTopics.Select(topic => topic.Name))).Distinct() ?? [];
            if (!topics.All(topic => context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic)))
            {
                described[i] = new()
                {
                    GroupId = described[i].GroupId,
                    ErrorCode = ErrorCode.TopicAuthorizationFailed,
                    ErrorMessage = "The group has described topic(s) that the client is not authorized to describe.",
                };
            }
        }
    }

    private static StreamsGroupDescribeResponse Failures(StreamsGroupDescribeRequest request, ErrorCode code, string? message) =>
        new() { Groups = [.. request.GroupIds.Select(groupId => new StreamsGroupDescribeResponse.DescribedGroup { GroupId = groupId, ErrorCode = code, ErrorMessage = message })] };
}
