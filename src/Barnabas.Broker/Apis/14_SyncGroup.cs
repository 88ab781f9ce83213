// SyncGroup, versions 0-5 (protocol type and name mandatory from 5). The answer waits for the leader's assignment.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class SyncGroupApi(GroupCoordinatorService groups) : ApiHandler<SyncGroupRequest, SyncGroupResponse>(ApiKey.SyncGroup)
{
    private const short FirstVersionWithProtocol = 5;

    protected override async ValueTask<SyncGroupResponse?> HandleAsync(RequestContext context, SyncGroupRequest request) =>
        !context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId)
            ? new SyncGroupResponse { ErrorCode = ErrorCode.GroupAuthorizationFailed }
            : context.ApiVersion >= FirstVersionWithProtocol && (request.ProtocolType is null || request.ProtocolName is null)
            ? new SyncGroupResponse { ErrorCode = ErrorCode.InconsistentGroupProtocol }
            : await groups.SyncGroupAsync(request);

    protected override SyncGroupResponse ErrorResponse(RequestContext context, SyncGroupRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
