// DeleteGroups, versions 0-2. A name that is given twice is answered once.
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DeleteGroupsApi(GroupCoordinatorService groups) : ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse>(ApiKey.DeleteGroups)
{
    protected override async ValueTask<DeleteGroupsResponse?> HandleAsync(RequestContext context, DeleteGroupsRequest request) =>
        new() { Results = await groups.DeleteGroupsAsync([.. request.GroupsNames.Distinct()]) };

    protected override DeleteGroupsResponse ErrorResponse(RequestContext context, DeleteGroupsRequest request, KafkaException error) =>
        new() { Results = [.. request.GroupsNames.Distinct().Select(groupId => new DeleteGroupsResponse.DeletableGroupResult { GroupId = groupId, ErrorCode = error.ErrorCode })] };
}
