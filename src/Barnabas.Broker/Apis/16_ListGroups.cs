// ListGroups, versions 0-5 (filter by state from 4, by type from 5).
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ListGroupsApi(GroupCoordinatorService groups) : ApiHandler<ListGroupsRequest, ListGroupsResponse>(ApiKey.ListGroups)
{
    protected override async ValueTask<ListGroupsResponse?> HandleAsync(RequestContext context, ListGroupsRequest request)
    {
        var response = await groups.ListGroupsAsync(request);
        if (!context.IsClusterAuthorized(AclOperation.Describe, logIfDenied: false))
            response.Groups.RemoveAll(group => !context.IsAuthorized(AclOperation.Describe, ResourceType.Group, group.GroupId, logIfDenied: false));
        return response;
    }

    protected override ListGroupsResponse ErrorResponse(RequestContext context, ListGroupsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };
}
