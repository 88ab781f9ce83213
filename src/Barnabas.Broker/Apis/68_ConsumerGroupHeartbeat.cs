// ConsumerGroupHeartbeat, versions 0-1 (KIP-848; member ids made by the client and patterns from 1).
// Members of the classic protocol may be in the group beside those of this one: it migrates online, as group.consumer.migration.policy allows.
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ConsumerGroupHeartbeatApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : ApiHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(ApiKey.ConsumerGroupHeartbeat)
{
    protected override async ValueTask<ConsumerGroupHeartbeatResponse?> HandleAsync(RequestContext context, ConsumerGroupHeartbeatRequest request)
    {
        if (!protocols.ServesConsumerGroups)
            return new() { ErrorCode = ErrorCode.UnsupportedVersion };
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
            return new() { ErrorCode = ErrorCode.GroupAuthorizationFailed, ErrorMessage = ErrorCodes.Message(ErrorCode.GroupAuthorizationFailed) };
        var unseen = request.SubscribedTopicNames?.Find(topic => !context.IsAuthorized(AclOperation.Describe, ResourceType.Topic, topic));
        if (unseen is not null)
            return new() { ErrorCode = ErrorCode.TopicAuthorizationFailed, ErrorMessage = ErrorCodes.Message(ErrorCode.TopicAuthorizationFailed) };
        return await groups.ConsumerGroupHeartbeatAsync(GroupRequests.ContextOf(context), request);
    }

    protected override ConsumerGroupHeartbeatResponse ErrorResponse(RequestContext context, ConsumerGroupHeartbeatRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
