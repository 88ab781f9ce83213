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
            return Answering(Remove(group, member.MemberId), response);
        }

        // A static member that will be back keeps its place until its session ends.
        context.Logger.ConsumerMemberPauses(group.GroupId, member.MemberId, member.InstanceId);
        var change = NewChange(group);
        change.PutCurrent(member with { MemberEpoch = ConsumerGroupHeartbeatValidator.LeaveStaticEpoch, PreviousMemberEpoch = member.MemberEpoch, PartitionsPendingRevocation = Assignment.Empty });
        return new CoordinatorResult<ConsumerGroupHeartbeatResponse>(change.Records, response);
    }

    /// <summary>LeaveGroup, by which an administrator removes members: by id, or by instance id alone.</summary>
    public CoordinatorResult<LeaveGroupResponse> Leave(ConsumerGroup group, LeaveGroupRequest request)
    {
        var response = new LeaveGroupResponse();
        var leaving = new HashSet<string>();
        foreach (var identity in request.Members)
        {
            var error = FindLeaving(group, identity, out var member);
            if (member is not null && leaving.Add(member.MemberId))
                context.Logger.ConsumerMemberLeaves(group.GroupId, member.MemberId, identity.Reason ?? "it was removed by LeaveGroup");
            response.Members.Add(new() { MemberId = identity.MemberId, GroupInstanceId = identity.GroupInstanceId, ErrorCode = error });
        }

        return Answering(leaving.Count == 0 ? CoordinatorResult.Empty : Remove(group, [.. leaving]), response);
    }

    private static ErrorCode FindLeaving(ConsumerGroup group, LeaveGroupRequest.MemberIdentity identity, out ConsumerGroupMember? member)
    {
        member = identity.GroupInstanceId is { } instanceId ? group.FindStatic(instanceId) : group.Members.GetValueOrDefault(identity.MemberId);
        if (member is null)
            return ErrorCode.UnknownMemberId;
        if (identity.MemberId.Length == 0 || identity.MemberId == member.MemberId)
            return ErrorCode.None;

        member = null;
        return ErrorCode.FencedInstanceId;
    }

    /// <summary>Members go; the others get their partitions with their next heartbeats, or go on as a classic group.</summary>
    private CoordinatorResult Remove(ConsumerGroup group, params IReadOnlyList<string> memberIds)
    {
        if (CanDowngrade(group, memberIds))
            return Downgrade(group, memberIds, "all members speak the classic protocol now");

        var change = NewChange(group);
        foreach (var memberId in memberIds)
        {
            CancelTimers(group.GroupId, memberId);
            change.RemoveMember(memberId);
        }

        change.ResolvePatterns();
        change.BumpEpoch(change.HashTopics());
        return new CoordinatorResult(change.Records);
    }

    private static CoordinatorResult<T> Answering<T>(CoordinatorResult result, T response) =>
        new(result.Records, response) { ReplayRecords = result.ReplayRecords, OnCommitted = result.OnCommitted };

    private ConsumerGroupChange NewChange(ConsumerGroup group) => new(group, topics(), config, context.NowMs);
}
