// DescribeGroups, versions 0-6 (authorized operations from 3, GROUP_ID_NOT_FOUND from 6; before, a missing group is Dead).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Group = Barnabas.Protocol.Messages.DescribeGroupsResponse.DescribedGroup;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeGroupsApi(GroupCoordinatorService groups)
    : GroupDescribeHandler<DescribeGroupsRequest, DescribeGroupsResponse, Group>(ApiKey.DescribeGroups)
{
    protected override List<string> GroupIdsOf(DescribeGroupsRequest request) => request.Groups;

    protected override bool WantsOperations(DescribeGroupsRequest request) => request.IncludeAuthorizedOperations;

    protected override Task<List<Group>> DescribeAsync(RequestContext context, List<string> groupIds) => groups.DescribeGroupsAsync(GroupRequests.ContextOf(context), groupIds);

    protected override (string GroupId, ErrorCode Error) HeadOf(Group group) => (group.GroupId, group.ErrorCode);

    // Topics stand in the members' own bytes alone, which Kafka shows to whoever may describe the group.
    protected override IEnumerable<string> TopicsOf(Group group) => [];

    protected override void SetOperations(Group group, int operations) => group.AuthorizedOperations = operations;

    protected override Group Refused(string groupId, ErrorCode error, string? message) => new() { GroupId = groupId, ErrorCode = error };

    protected override DescribeGroupsResponse Respond(List<Group> groups) => new() { Groups = groups };
}
