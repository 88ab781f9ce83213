using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroupProtocol
{
    private CoordinatorResult RebalanceOrCompleteJoin(ClassicGroup group, string reason) =>
        group.CanRebalance ? PrepareRebalance(group, reason) : CompleteJoinIfAllJoined(group);

    private CoordinatorResult PrepareRebalance(ClassicGroup group, string reason)
    {
        if (group.State == ClassicGroupState.CompletingRebalance)
            ResetAssignments(group, ErrorCode.RebalanceInProgress);
        group.ClearPendingSyncMembers();
        Timer.Cancel(SyncKey(group.GroupId));

        var isInitial = group.State == ClassicGroupState.Empty;
        group.TransitionTo(ClassicGroupState.PreparingRebalance);
        context.Logger.PreparingRebalance(group.GroupId, group.GenerationId, reason);
        if (!isInitial)
            return CompleteJoinElseSchedule(group);

        // The first members of a new group wait a little for the others, so that they start with one rebalance.
        group.NewMemberAdded = false;
        var delayMs = config.InitialRebalanceDelayMs;
        ScheduleInitialRebalance(group.GroupId, delayMs, Math.Max(group.RebalanceTimeoutMs - delayMs, 0));
        return CoordinatorResult.Empty;
    }

    private void ScheduleInitialRebalance(string groupId, int delayMs, int remainingMs) =>
        Timer.Schedule(JoinKey(groupId), delayMs, () => CompleteInitialRebalanceElseSchedule(groupId, delayMs, remainingMs));

    private CoordinatorResult CompleteInitialRebalanceElseSchedule(string groupId, int delayMs, int remainingMs)
    {
        if (!groups.TryGetClassic(groupId, out var group))
            return CoordinatorResult.Empty;
        if (!group.NewMemberAdded || remainingMs == 0)
            return CompleteJoin(group);

        group.NewMemberAdded = false;
        ScheduleInitialRebalance(groupId, Math.Min(config.InitialRebalanceDelayMs, remainingMs), Math.Max(remainingMs - delayMs, 0));
        return CoordinatorResult.Empty;
    }

    private CoordinatorResult CompleteJoinElseSchedule(ClassicGroup group)
    {
        if (group.HasAllMembersJoined)
            return CompleteJoin(group);

        ScheduleCompleteJoin(group);
        return CoordinatorResult.Empty;
    }

    private void ScheduleCompleteJoin(ClassicGroup group) =>
        Timer.Schedule(
            JoinKey(group.GroupId), group.RebalanceTimeoutMs,
            () => groups.TryGetClassic(group.GroupId, out var current) ? CompleteJoin(current) : CoordinatorResult.Empty);

    private CoordinatorResult CompleteJoinIfAllJoined(ClassicGroup group) =>
        group.State == ClassicGroupState.PreparingRebalance && group.PreviousState != ClassicGroupState.Empty && group.HasAllMembersJoined
            ? CompleteJoin(group)
            : CoordinatorResult.Empty;

    /// <summary>The time to join is over, or everyone joined: the next generation begins with those who did.</summary>
    private CoordinatorResult CompleteJoin(ClassicGroup group)
    {
        Timer.Cancel(JoinKey(group.GroupId));
        RemoveMembersNotRejoined(group);
        if (group.State == ClassicGroupState.Dead)
            return CoordinatorResult.Empty;

        if (!group.MaybeElectNewJoinedLeader() && group.MemberCount > 0)
        {
            // Only static members are left, and none of them is back: wait for one, or for their sessions to end.
            context.Logger.NobodyRejoined(group.GroupId);
            ScheduleCompleteJoin(group);
            return CoordinatorResult.Empty;
        }

        group.InitNextGeneration();
        if (group.State == ClassicGroupState.Empty)
            return StoreEmptyGeneration(group);

        AnswerJoins(group);
        return CoordinatorResult.Empty;
    }

    private void RemoveMembersNotRejoined(ClassicGroup group)
    {
        List<string>? missing = null;
        foreach (var member in group.Members)
        {
            if (!member.IsAwaitingJoin && !member.IsStatic)
                (missing ??= []).Add(member.MemberId);
        }

        if (missing is null)
            return;

        foreach (var memberId in missing)
        {
            group.Remove(memberId);
            Timer.Cancel(HeartbeatKey(group.GroupId, memberId));
        }

        context.Logger.MembersDidNotRejoin(group.GroupId, string.Join(", ", missing));
    }

    private CoordinatorResult StoreEmptyGeneration(ClassicGroup group)
    {
        context.Logger.BecameEmpty(group.GroupId, group.GenerationId);
        return new CoordinatorResult([GroupRecords.GroupMetadata(group, new Dictionary<string, byte[]>())])
        {
            ReplayRecords = false,
            OnCommitted = failure =>
            {
                // A restart would then find the previous generation, whose members time out: harmless.
                if (failure is not null)
                    context.Logger.GroupNotStored(group.GroupId, failure.Message);
            },
        };
    }

    private void AnswerJoins(ClassicGroup group)
    {
        context.Logger.Stabilized(group.GroupId, group.GenerationId, group.MemberCount);
        foreach (var member in group.Members)
        {
            group.CompleteJoin(member, CurrentGeneration(group, member.MemberId));
            RescheduleHeartbeat(group, member);
            member.IsNew = false;
            group.AddPendingSyncMember(member.MemberId);
        }

        var generationId = group.GenerationId;
        Timer.Schedule(SyncKey(group.GroupId), group.RebalanceTimeoutMs, () => ExpirePendingSync(group.GroupId, generationId));
    }

    private CoordinatorResult ExpirePendingSync(string groupId, int generationId)
    {
        if (!groups.TryGetClassic(groupId, out var group)
            || group.GenerationId != generationId
            || group.State is not (ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable)
            || group.PendingSyncMembers.Count == 0)
            return CoordinatorResult.Empty;

        List<string> missing = [.. group.PendingSyncMembers];
        foreach (var memberId in missing)
        {
            group.Remove(memberId);
            Timer.Cancel(HeartbeatKey(groupId, memberId));
        }

        var memberIds = string.Join(", ", missing);
        context.Logger.MembersDidNotSync(groupId, memberIds);
        return PrepareRebalance(group, $"{memberIds} did not sync in time");
    }

    private void ResetAssignments(ClassicGroup group, ErrorCode error)
    {
        foreach (var member in group.Members)
            member.Assignment = [];
        AnswerSyncs(group, error);
    }

    private void AnswerSyncs(ClassicGroup group, ErrorCode error)
    {
        foreach (var member in group.Members)
        {
            var response = new SyncGroupResponse { Assignment = member.Assignment, ErrorCode = error };
            if (error == ErrorCode.None)
            {
                response.ProtocolType = group.ProtocolType;
                response.ProtocolName = group.ProtocolName;
            }

            // A session that ended while the member waited here was forgiven and has no timer any more.
            if (ClassicGroup.CompleteSync(member, response))
                RescheduleHeartbeat(group, member);
        }
    }
}
