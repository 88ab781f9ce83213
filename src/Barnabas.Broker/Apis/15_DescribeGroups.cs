// DescribeGroups, versions 0-6 (authorized operations from 3, GROUP_ID_NOT_FOUND from 6; before, a missing group is Dead).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeGroupsApi(GroupCoordinatorService groups) : ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse>(ApiKey.DescribeGroups)
{
    /// <summary>What may be done to a group where nobody is kept from anything: READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS.</summary>
    internal const int AllOperations = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);

    protected override async ValueTask<DescribeGroupsResponse?> HandleAsync(RequestContext context, DescribeGroupsRequest request)
    {
        var described = await groups.DescribeGroupsAsync(GroupRequests.ContextOf(context), request.Groups);
        if (request.IncludeAuthorizedOperations)
        {
            foreach (var group in described)
            {
                if (group.ErrorCode == ErrorCode.None)
                    group.AuthorizedOperations = AllOperations;
            }
        }

        return new() { Groups = described };
    }

    protected override DescribeGroupsResponse ErrorResponse(RequestContext context, DescribeGroupsRequest request, KafkaException error) =>
        new() { Groups = [.. request.Groups.Select(groupId => new DescribeGroupsResponse.DescribedGroup { GroupId = groupId, ErrorCode = error.ErrorCode })] };
}
