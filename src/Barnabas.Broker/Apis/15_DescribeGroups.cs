// DescribeGroups, versions 0-6 (authorized operations from 3, GROUP_ID_NOT_FOUND from 6; before, a missing group is Dead).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeGroupsApi(GroupCoordinatorService groups) : ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse>(ApiKey.DescribeGroups)
{
    protected override async ValueTask<DescribeGroupsResponse?> HandleAsync(RequestContext context, DescribeGroupsRequest request)
    {
        var allowed = request.Groups.FindAll(groupId => context.IsAuthorized(AclOperation.Describe, ResourceType.Group, groupId));
        var described = await groups.DescribeGroupsAsync(GroupRequests.ContextOf(context), allowed);
        if (request.IncludeAuthorizedOperations)
        {
            foreach (var group in described)
            {
                if (group.ErrorCode == ErrorCode.None)
                    group.AuthorizedOperations = context.AuthorizedOperations(ResourceType.Group, group.GroupId);
            }
        }

        foreach (var groupId in request.Groups.Except(allowed))
            described.Add(new() { GroupId = groupId, ErrorCode = ErrorCode.GroupAuthorizationFailed });
        return new() { Groups = described };
    }

    protected override DescribeGroupsResponse ErrorResponse(RequestContext context, DescribeGroupsRequest request, KafkaException error) =>
        new() { Groups = [.. request.Groups.Select(groupId => new DescribeGroupsResponse.DescribedGroup { GroupId = groupId, ErrorCode = error.ErrorCode })] };
}
