// ShareGroupHeartbeat, version 1 (KIP-932). Partitions new to the group get their state behind the answer; a later heartbeat brings them.
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ShareGroupHeartbeatApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse>(ApiKey.ShareGroupHeartbeat)
{
    protected override async ValueTask<ShareGroupHeartbeatResponse?> HandleAsync(RequestContext context, ShareGroupHeartbeatRequest request)
    {
        if (!protocols.ServesShareGroups)
            return new() { ErrorCode = ErrorCode.UnsupportedVersion };
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
            return new() { ErrorCode = ErrorCode.GroupAuthorizationFailed, ErrorMessage = ErrorCodes.Message(ErrorCode.GroupAuthorizationFailed) };
        if (!ShareRequests.IsValidMemberId(request.MemberId))
            return new() { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = "Invalid member id in the request." };
        if (request.SubscribedTopicNames?.Find(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic)) is not null)
            return new() { ErrorCode = ErrorCode.TopicAuthorizationFailed };
        return await groups.ShareGroupHeartbeatAsync(GroupRequests.ContextOf(context), request);
    }

    protected override ShareGroupHeartbeatResponse ErrorResponse(RequestContext context, ShareGroupHeartbeatRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
