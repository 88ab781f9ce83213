// ConsumerGroupDescribe, versions 0-1 (KIP-848; the members' protocol from 1).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Group = Barnabas.Protocol.Messages.ConsumerGroupDescribeResponse.DescribedGroup;

namespace Barnabas.Broker.Apis;

internal sealed class ConsumerGroupDescribeApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : GroupDescribeHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, Group>(ApiKey.ConsumerGroupDescribe)
{
    protected override bool IsServed => protocols.ServesConsumerGroups;

    protected override List<string> GroupIdsOf(ConsumerGroupDescribeRequest request) => request.GroupIds;

    protected override bool WantsOperations(ConsumerGroupDescribeRequest request) => request.IncludeAuthorizedOperations;

    protected override Task<List<Group>> DescribeAsync(RequestContext context, List<string> groupIds) => groups.ConsumerGroupDescribeAsync(groupIds);

    protected override (string GroupId, ErrorCode Error) HeadOf(Group group) => (group.GroupId, group.ErrorCode);

    protected override IEnumerable<string> TopicsOf(Group group) => group.Members.SelectMany(member =>
        member.Assignment.TopicPartitions.Concat(member.TargetAssignment.TopicPartitions).Select(topic => topic.TopicName).Concat(member.SubscribedTopicNames));

    protected override void SetOperations(Group group, int operations) => group.AuthorizedOperations = operations;

    protected override Group Refused(string groupId, ErrorCode error, string? message) => new() { GroupId = groupId, ErrorCode = error, ErrorMessage = message };

    protected override ConsumerGroupDescribeResponse Respond(List<Group> groups) => new() { Groups = groups };
}
