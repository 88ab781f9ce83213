using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

internal sealed partial class ConsumerGroupProtocol
{
    private CoordinatorResult<ConsumerGroupHeartbeatResponse> Leave(ConsumerGroupHeartbeatRequest heartbeat)
    {
        var (group, _) = Find(heartbeat.GroupId, create: false);
        var member = heartbeat.InstanceId is { } instanceId
            ? CheckStatic(group, group.FindStatic(instanceId), heartbeat.MemberId, instanceId)
            : group.Members.GetValueOrDefault(heartbeat.MemberId)
                ?? throw new KafkaException(ErrorCode.UnknownMemberId, $"Member {heartbeat.MemberId} is not a member of group {group.GroupId}.");
        var response = new ConsumerGroupHeartbeatResponse { MemberId = member.MemberId, MemberEpoch = heartbeat.MemberEpoch };
        if (heartbeat.MemberEpoch != ConsumerGroupHeartbeatValidator.LeaveStaticEpoch)
        {
            context.Logger.ConsumerMemberLeaves(group.GroupId, member.MemberId, "it said so");
            return new CoordinatorResult<ConsumerGroupHeartbeatResponse>(Remove(group, member.MemberId), response);
        }

        // A static member that will be back keeps its place until its session ends.
        context.Logger.ConsumerMemberPauses(group.GroupId, member.MemberId, member.InstanceId);
        var change = NewChange(group);
        change.PutCurrent(member with { MemberEpoch = ConsumerGroupHeartbeatValidator.LeaveStaticEpoch, PreviousMemberEpoch = member.MemberEpoch, PartitionsPendingRevocation = Assignment.Empty });
        return new CoordinatorResult<ConsumerGroupHeartbeatResponse>(change.Records, response);
    }

    /// <summary>The records by which the member goes; the others get its partitions with their next heartbeats.</summary>
    private IReadOnlyList<CoordinatorRecord> Remove(ConsumerGroup group, string memberId)
    {
        CancelTimers(group.GroupId, memberId);
        var change = NewChange(group);
        change.RemoveMember(memberId);
        change.ResolvePatterns();
        change.BumpEpoch(change.HashTopics());
        return change.Records;
    }

    private ConsumerGroupChange NewChange(ConsumerGroup group) => new(group, topics(), config, context.NowMs);
}
