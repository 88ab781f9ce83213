// ShareGroupDescribe, version 1 (KIP-932).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ShareGroupDescribeApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<ShareGroupDescribeRequest, ShareGroupDescribeResponse>(ApiKey.ShareGroupDescribe)
{
    protected override async ValueTask<ShareGroupDescribeResponse?> HandleAsync(RequestContext context, ShareGroupDescribeRequest request)
    {
        if (!protocols.ServesShareGroups)
            return Failures(request, ErrorCode.UnsupportedVersion, null);
        var allowed = request.GroupIds.FindAll(groupId => context.IsAuthorized(AclOperation.Describe, ResourceType.Group, groupId));
        var described = await groups.ShareGroupDescribeAsync(allowed);
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

    protected override ShareGroupDescribeResponse ErrorResponse(RequestContext context, ShareGroupDescribeRequest request, KafkaException error) =>
        Failures(request, error.ErrorCode, error.Message);

    /// <summary>A group that reads a topic the client may not describe is not shown at all: its members tell of the topic.</summary>
    private static void HideTopics(RequestContext context, List<ShareGroupDescribeResponse.DescribedGroup> described)
    {
        if (!context.HasAuthorizer)
            return;
        for (var i = 0; i < described.Count; i++)
        {
            var topics = described[i].Members.SelectMany(member => member.Assignment.TopicPartitions.Select(topic => topic.TopicName).Concat(member.SubscribedTopicNames)).Distinct();
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

    private static ShareGroupDescribeResponse Failures(ShareGroupDescribeRequest request, ErrorCode code, string? message) =>
        new() { Groups = [.. request.GroupIds.Select(groupId => new ShareGroupDescribeResponse.DescribedGroup { GroupId = groupId, ErrorCode = code, ErrorMessage = message })] };
}
