// JoinGroup, versions 0-9 (member ids given first from 4, static members from 5, assignment skipped from 9). The answer waits for the rebalance.
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class JoinGroupApi(GroupCoordinatorService groups) : ApiHandler<JoinGroupRequest, JoinGroupResponse>(ApiKey.JoinGroup)
{
    private const short FirstVersionWithNullableProtocol = 7;

    protected override async ValueTask<JoinGroupResponse?> HandleAsync(RequestContext context, JoinGroupRequest request) =>
        !context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId)
            ? ErrorResponse(context, request, new KafkaException(ErrorCode.GroupAuthorizationFailed))
            : AtVersion(context, await groups.JoinGroupAsync(GroupRequests.ContextOf(context), request));

    protected override JoinGroupResponse ErrorResponse(RequestContext context, JoinGroupRequest request, KafkaException error) =>
        AtVersion(context, new() { ErrorCode = error.ErrorCode, ProtocolName = null });

    private static JoinGroupResponse AtVersion(RequestContext context, JoinGroupResponse response)
    {
        if (context.ApiVersion < FirstVersionWithNullableProtocol)
            response.ProtocolName ??= "";
        return response;
    }
}
