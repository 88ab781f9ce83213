using Barnabas.Coordination.Groups.Streams;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorShard
{
    /// <summary>StreamsGroupHeartbeat (KIP-1071).</summary>
    public CoordinatorResult<StreamsHeartbeatResult> StreamsGroupHeartbeat(GroupRequestContext context, StreamsGroupHeartbeatRequest request) => _streams.Heartbeat(context, request);

    /// <summary>StreamsGroupDescribe.</summary>
    public List<StreamsGroupDescribeResponse.DescribedGroup> DescribeStreamsGroups(IReadOnlyList<string> groupIds) =>
        [.. groupIds.Select(groupId => StreamsGroupDescriber.Describe(_groups, groupId))];
}
