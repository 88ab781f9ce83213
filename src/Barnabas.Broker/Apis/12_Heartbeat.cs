// Heartbeat, versions 0-4.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class HeartbeatApi(GroupCoordinatorService groups) : ApiHandler<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat)
{
    protected override async ValueTask<HeartbeatResponse?> HandleAsync(RequestContext context, HeartbeatRequest request) =>
        context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId)
            ? await groups.HeartbeatAsync(request)
            : new() { ErrorCode = ErrorCode.GroupAuthorizationFailed };

    protected override HeartbeatResponse ErrorResponse(RequestContext context, HeartbeatRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
