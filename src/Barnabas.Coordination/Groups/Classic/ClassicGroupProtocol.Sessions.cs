using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroupProtocol
{
    /// <summary>Handles a Heartbeat.</summary>
    /// <exception cref="KafkaException">The error of the heartbeat.</exception>
    public HeartbeatResponse Heartbeat(HeartbeatRequest request)
    {
        if (!groups.TryGetClassic(request.GroupId, out var group))
            throw new KafkaException(ErrorCode.UnknownMemberId, $"Group {request.GroupId} not found.");
        if (group.State == ClassicGroupState.Dead)
            throw new KafkaException(ErrorCode.CoordinatorNotAvailable);

        var error = group.CheckMember(request.MemberId, request.GroupInstanceId, "heartbeat");
        if (error == ErrorCode.None && request.GenerationId != group.GenerationId)
            error = ErrorCode.IllegalGeneration;
        if (error != ErrorCode.None)
            throw new KafkaException(error);

        if (group.State == ClassicGroupState.Empty)
            return new HeartbeatResponse { ErrorCode = ErrorCode.UnknownMemberId };

        RescheduleHeartbeat(group, group.Member(request.MemberId));
        return new HeartbeatResponse
        {
            ErrorCode = group.State == ClassicGroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None,
        };
    }

    /// <summary>The member showed life: its session begins anew.</summary>
    public void RescheduleHeartbeat(ClassicGroup group, ClassicGroupMember member) =>
        RescheduleHeartbeat(group, member, member.SessionTimeoutMs);

    private void RescheduleHeartbeat(ClassicGroup group, ClassicGroupMember member, int timeoutMs) =>
        Timer.Schedule(HeartbeatKey(group.GroupId, member.MemberId), timeoutMs, () => ExpireHeartbeat(group.GroupId, member.MemberId));

    private CoordinatorResult ExpireHeartbeat(string groupId, string memberId)
    {
        if (!groups.TryGetClassic(groupId, out var group) || group.State == ClassicGroupState.Dead)
            return CoordinatorResult.Empty;

        if (group.IsPendingMember(memberId))
        {
            context.Logger.PendingMemberExpired(groupId, memberId);
            group.Remove(memberId);
            return group.State == ClassicGroupState.PreparingRebalance && group.HasAllMembersJoined
                ? CompleteJoin(group)
                : CoordinatorResult.Empty;
        }

        if (!group.TryGetMember(memberId, out var member) || member.HasSatisfiedHeartbeat)
            return CoordinatorResult.Empty;

        context.Logger.SessionExpired(groupId, memberId);

        // A new member that still waits is told, so that it tries again if it is alive.
        group.CompleteJoin(member, JoinError(UnknownMemberId, ErrorCode.UnknownMemberId));
        group.Remove(memberId);
        return group.State switch
        {
            ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance => PrepareRebalance(group, $"session of member {memberId} expired"),
            ClassicGroupState.PreparingRebalance when group.HasAllMembersJoined => CompleteJoin(group),
            _ => CoordinatorResult.Empty,
        };
    }

    /// <summary>Handles a LeaveGroup of one or more members, each by member id or, without one, by group instance id.</summary>
    public CoordinatorResult<LeaveGroupResponse> Leave(LeaveGroupRequest request)
    {
        if (!groups.TryGetClassic(request.GroupId, out var group))
            throw new KafkaException(ErrorCode.UnknownMemberId, $"Group {request.GroupId} not found.");
        if (group.State == ClassicGroupState.Dead)
            return new CoordinatorResult<LeaveGroupResponse>([], new LeaveGroupResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable });

        var response = new LeaveGroupResponse();
        var left = new List<string>();
        foreach (var member in request.Members)
        {
            var error = LeaveOne(group, member);
            if (error == ErrorCode.None)
                left.Add(member.MemberId);
            response.Members.Add(new LeaveGroupResponse.MemberResponse
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ErrorCode = error,
            });
        }

        var result = left.Count == 0 ? CoordinatorResult.Empty : group.State switch
        {
            ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance => PrepareRebalance(group, $"members left: {string.Join(", ", left)}"),
            ClassicGroupState.PreparingRebalance => CompleteJoinIfAllJoined(group),
            _ => CoordinatorResult.Empty,
        };
        return new CoordinatorResult<LeaveGroupResponse>(result.Records, response)
        {
            ReplayRecords = result.ReplayRecords,
            OnCommitted = result.OnCommitted,
        };
    }

    private ErrorCode LeaveOne(ClassicGroup group, LeaveGroupRequest.MemberIdentity identity)
    {
        var memberId = identity.MemberId;
        if (memberId.Length == 0)
        {
            if (identity.GroupInstanceId is not { } instanceId || !group.TryGetStaticMemberId(instanceId, out memberId))
                return ErrorCode.UnknownMemberId;
        }
        else if (!group.IsPendingMember(memberId))
        {
            var error = group.CheckMember(memberId, identity.GroupInstanceId, "leave-group");
            if (error != ErrorCode.None)
                return error;
        }

        Timer.Cancel(HeartbeatKey(group.GroupId, memberId));
        context.Logger.MemberLeft(group.GroupId, memberId, identity.Reason ?? "not provided");
        if (group.TryGetMember(memberId, out var member))
        {
            group.CompleteJoin(member, JoinError(UnknownMemberId, ErrorCode.UnknownMemberId));
            ClassicGroup.CompleteSync(member, new SyncGroupResponse { ErrorCode = ErrorCode.UnknownMemberId });
        }

        group.Remove(memberId);
        return ErrorCode.None;
    }
}
