// DeleteGroups, versions 0-2. A name that is given twice is answered once.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteGroupsApi(GroupCoordinatorService groups) : ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse>(ApiKey.DeleteGroups)
{
    protected override async ValueTask<DeleteGroupsResponse?> HandleAsync(RequestContext context, DeleteGroupsRequest request)
    {
        var names = request.GroupsNames.Distinct().ToList();
        var allowed = names.FindAll(groupId => context.IsAuthorized(AclOperation.Delete, ResourceType.Group, groupId));
        var results = await groups.DeleteGroupsAsync(allowed);
        foreach (var groupId in names.Except(allowed))
            results.Add(new() { GroupId = groupId, ErrorCode = ErrorCode.GroupAuthorizationFailed });
        return new() { Results = results };
    }

    protected override DeleteGroupsResponse ErrorResponse(RequestContext context, DeleteGroupsRequest request, KafkaException error) =>
        new() { Results = [.. request.GroupsNames.Distinct().Select(groupId => new DeleteGroupsResponse.DeletableGroupResult { GroupId = groupId, ErrorCode = error.ErrorCode })] };
}
