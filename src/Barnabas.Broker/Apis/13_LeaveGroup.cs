// LeaveGroup, versions 0-5 (several members, also by group instance id, from 3).
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class LeaveGroupApi(GroupCoordinatorService groups) : ApiHandler<LeaveGroupRequest, LeaveGroupResponse>(ApiKey.LeaveGroup)
{
    private const short FirstBatchedVersion = 3;

    protected override async ValueTask<LeaveGroupResponse?> HandleAsync(RequestContext context, LeaveGroupRequest request)
    {
        if (!context.IsAuthorized(AclOperation.Read, ResourceType.Group, request.GroupId))
            return new() { ErrorCode = ErrorCode.GroupAuthorizationFailed };
        if (context.ApiVersion >= FirstBatchedVersion)
            return await groups.LeaveGroupAsync(request);

        request.Members = [new() { MemberId = request.MemberId }];
        var response = await groups.LeaveGroupAsync(request);
        return new() { ErrorCode = response.ErrorCode == ErrorCode.None && response.Members.Count > 0 ? response.Members[0].ErrorCode : response.ErrorCode };
    }

    protected override LeaveGroupResponse ErrorResponse(RequestContext context, LeaveGroupRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
