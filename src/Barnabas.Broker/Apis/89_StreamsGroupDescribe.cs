// StreamsGroupDescribe, version 0 (KIP-1071).
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Group = Barnabas.Protocol.Messages.StreamsGroupDescribeResponse.DescribedGroup;

namespace Barnabas.Broker.Apis;

internal sealed class StreamsGroupDescribeApi(GroupProtocols protocols, GroupCoordinatorService groups)
    : GroupDescribeHandler<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse, Group>(ApiKey.StreamsGroupDescribe)
{
    protected override bool IsServed => protocols.ServesStreamsGroups;

    protected override List<string> GroupIdsOf(StreamsGroupDescribeRequest request) => request.GroupIds;

    protected override bool WantsOperations(StreamsGroupDescribeRequest request) => request.IncludeAuthorizedOperations;

    protected override Task<List<Group>> DescribeAsync(RequestContext context, List<string> groupIds) => groups.StreamsGroupDescribeAsync(groupIds);

    protected override (string GroupId, ErrorCode Error) HeadOf(Group group) => (group.GroupId, group.ErrorCode);

    protected override IEnumerable<string> TopicsOf(Group group) => group.Topology?.Subtopologies?.SelectMany(subtopology =>
        subtopology.SourceTopics.Concat(subtopology.RepartitionSinkTopics)
            .Concat(subtopology.RepartitionSourceTopics.Concat(subtopology.StateChangelogTopics).Select(topic => topic.Name))) ?? [];

    protected override void SetOperations(Group group, int operations) => group.AuthorizedOperations = operations;

    protected override Group Refused(string groupId, ErrorCode error, string? message) => new() { GroupId = groupId, ErrorCode = error, ErrorMessage = message };

    protected override StreamsGroupDescribeResponse Respond(List<Group> groups) => new() { Groups = groups };
}
