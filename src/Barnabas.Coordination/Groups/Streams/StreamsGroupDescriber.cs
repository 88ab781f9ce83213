using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>Describes streams groups as StreamsGroupDescribe answers them.</summary>
internal static class StreamsGroupDescriber
{
    public static StreamsGroupDescribeResponse.DescribedGroup Describe(GroupRegistry groups, string groupId)
    {
        if (!groups.TryGet(groupId, out var found) || found is not StreamsGroup group)
        {
            return new()
            {
                GroupId = groupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = found is null ? $"Group {groupId} not found." : $"Group {groupId} is not a streams group.",
            };
        }

        return new()
        {
            GroupId = groupId,
            GroupState = group.StateName,
            GroupEpoch = group.GroupEpoch,
            AssignmentEpoch = group.TargetEpoch,
            Topology = StreamsTopologies.ToDescription(group.Topology, group.Configured),
            Members = [.. group.Members.Values.Select(member => new StreamsGroupDescribeResponse.Member
            {
                MemberId = member.MemberId,
                MemberEpoch = member.MemberEpoch,
                InstanceId = member.InstanceId,
                RackId = member.RackId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                TopologyEpoch = member.TopologyEpoch,
                ProcessId = member.ProcessId,
                UserEndpoint = member.UserEndpoint is { } endpoint ? new() { Host = endpoint.Host, Port = endpoint.Port } : null,
                ClientTags = [.. member.ClientTags.Select(tag => new StreamsGroupDescribeResponse.KeyValue { Key = tag.Key, Value = tag.Value })],
                Assignment = ToResponse(member.Assigned),
                TargetAssignment = ToResponse(group.TargetOf(member.MemberId)),
            })],
        };
    }

    private static StreamsGroupDescribeResponse.Assignment ToResponse(MemberTasks tasks) =>
        new() { ActiveTasks = ToResponse(tasks.Active), StandbyTasks = ToResponse(tasks.Standby), WarmupTasks = ToResponse(tasks.Warmup) };

    private static List<StreamsGroupDescribeResponse.TaskIds> ToResponse(TaskSet tasks) =>
        [.. tasks.Partitions.Select(entry => new StreamsGroupDescribeResponse.TaskIds { SubtopologyId = entry.Key, Partitions = [.. entry.Value] })];
}
