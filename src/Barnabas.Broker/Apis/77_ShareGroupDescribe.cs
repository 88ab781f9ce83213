// ShareGroupDescribe, version 1 (KIP-932).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Group = Barnabas.Protocol.Messages.ShareGroupDescribeResponse.DescribedGroup;

namespace Barnabas.Broker.Apis;

internal sealed class ShareGroupDescribeApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : GroupDescribeHandler<ShareGroupDescribeRequest, ShareGroupDescribeResponse, Group>(ApiKey.ShareGroupDescribe)
{
    protected override bool IsServed => protocols.ServesShareGroups;

    protected override List<string> GroupIdsOf(ShareGroupDescribeRequest request) => request.GroupIds;

    protected override bool WantsOperations(ShareGroupDescribeRequest request) => request.IncludeAuthorizedOperations;

    protected override Task<List<Group>> DescribeAsync(RequestContext context, List<string> groupIds) => groups.ShareGroupDescribeAsync(groupIds);

    protected override (string GroupId, ErrorCode Error) HeadOf(Group group) => (group.GroupId, group.ErrorCode);

    protected override IEnumerable<string> TopicsOf(Group group) => group.Members.SelectMany(member =>
        member.Assignment.TopicPartitions.Select(topic => topic.TopicName).Concat(member.SubscribedTopicNames));

    protected override void SetOperations(Group group, int operations) => group.AuthorizedOperations = operations;

    protected override Group Refused(string groupId, ErrorCode error, string? message) => new() { GroupId = groupId, ErrorCode = error, ErrorMessage = message };

    protected override ShareGroupDescribeResponse Respond(List<Group> groups) => new() { Groups = groups };
}
