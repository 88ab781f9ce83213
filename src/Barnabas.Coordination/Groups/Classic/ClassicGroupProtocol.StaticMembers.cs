using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroupProtocol
{
    /// <summary>The first version whose leader can be told to skip the assignment (KIP-814).</summary>
    private const short SkipAssignmentVersion = 9;

    /// <summary>A static member came back without its member id: it takes its old place under a new one.</summary>
    private CoordinatorResult ReplaceStaticMember(ClassicGroup group, JoinAttempt join, string instanceId, string oldMemberId, string newMemberId)
    {
        var leaderBefore = group.LeaderId;
        var member = group.ReplaceStaticMember(instanceId, oldMemberId, newMemberId);
        var before = new MemberBefore(member.Protocols, member.RebalanceTimeoutMs, member.SessionTimeoutMs);
        RescheduleHeartbeat(group, member);
        Timer.Cancel(HeartbeatKey(group.GroupId, oldMemberId));
        group.UpdateMember(member, join.Protocols, join.RebalanceTimeoutMs, join.Request.SessionTimeoutMs, join.Reply);

        switch (group.State)
        {
            case ClassicGroupState.Stable when group.SelectProtocol() == group.ProtocolName:
                return StoreStaticMember(group, join, member, before, instanceId, oldMemberId, leaderBefore);
            case ClassicGroupState.Stable:
                return RebalanceOrCompleteJoin(group, $"static member {instanceId} joined with other protocols; client reason: {join.Reason}");
            case ClassicGroupState.CompletingRebalance:
                // The leader may already be assigning to the old member id.
                return PrepareRebalance(group, $"static member {instanceId} joined during a rebalance; client reason: {join.Reason}");
            case ClassicGroupState.PreparingRebalance:
                return CompleteJoinIfAllJoined(group);
            default:
                throw new InvalidOperationException($"Group {group.GroupId} has static member {instanceId} in state {group.State}.");
        }
    }

    /// <summary>Nothing that matters to the others changed, so there is no rebalance: the new id is stored and the member goes on with its assignment.</summary>
    private CoordinatorResult StoreStaticMember(
        ClassicGroup group, JoinAttempt join, ClassicGroupMember member, MemberBefore before, string instanceId, string oldMemberId, string? leaderBefore)
    {
        var assignments = new Dictionary<string, byte[]>();
        foreach (var each in group.Members)
            assignments[each.MemberId] = each.Assignment;

        return new CoordinatorResult([GroupRecords.GroupMetadata(group, assignments)])
        {
            ReplayRecords = false,
            OnCommitted = failure =>
            {
                if (failure is not null)
                    RestoreStaticMember(group, join, member, before, instanceId, oldMemberId, leaderBefore, failure);
                else
                    group.CompleteJoin(member, StaticMemberStored(group, join, member, leaderBefore));
            },
        };
    }

    private void RestoreStaticMember(
        ClassicGroup group, JoinAttempt join, ClassicGroupMember member, MemberBefore before, string instanceId, string oldMemberId, string? leaderBefore, KafkaException failure)
    {
        context.Logger.StaticMemberNotStored(group.GroupId, member.MemberId, instanceId, failure.Message, oldMemberId);
        var response = StaticMemberResponse(group, UnknownMemberId, leaderBefore);
        response.ErrorCode = CoordinatorErrors.ToClientError(failure);
        group.CompleteJoin(member, response);
        join.Reply.TryComplete(response);
        if (!group.HasMember(member.MemberId))
            return;

        group.UpdateMember(member, before.Protocols, before.RebalanceTimeoutMs, before.SessionTimeoutMs, null);
        Timer.Cancel(HeartbeatKey(group.GroupId, member.MemberId));
        RescheduleHeartbeat(group, group.ReplaceStaticMember(instanceId, member.MemberId, oldMemberId));
    }

    private static JoinGroupResponse StaticMemberStored(ClassicGroup group, JoinAttempt join, ClassicGroupMember member, string? leaderBefore)
    {
        // Before KIP-814 the old leader's id keeps the new member from assigning for a generation that is complete.
        if (join.Context.ApiVersion < SkipAssignmentVersion)
            return StaticMemberResponse(group, member.MemberId, leaderBefore);

        var response = StaticMemberResponse(group, member.MemberId, group.LeaderId);
        if (group.IsLeader(member.MemberId))
        {
            response.SkipAssignment = true;
            AddMembers(group, response);
        }

        return response;
    }

    private static JoinGroupResponse StaticMemberResponse(ClassicGroup group, string memberId, string? leader) => new()
    {
        MemberId = memberId,
        GenerationId = group.GenerationId,
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        Leader = leader ?? "",
    };

    private sealed record MemberBefore(MemberProtocols Protocols, int RebalanceTimeoutMs, int SessionTimeoutMs);
}
