using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Runtime;

namespace Barnabas.Coordination.Groups.Streams;

internal sealed partial class StreamsGroupProtocol
{
    /// <summary>The groups are replayed: every member has a whole session from now on.</summary>
    public void OnLoaded()
    {
        foreach (var group in groups.All.OfType<StreamsGroup>())
            foreach (var member in group.Members.Values)
            {
                ScheduleSession(group.GroupId, member.MemberId);
                ScheduleRevocation(group.GroupId, member);
            }
    }

    /// <summary>Forgets the timers of a group that is deleted.</summary>
    public void CancelTimers(StreamsGroup group)
    {
        context.Timer.Cancel(DelayKey(group.GroupId));
        foreach (var memberId in group.Members.Keys)
            CancelTimers(group.GroupId, memberId);
    }

    /// <summary>A new group waits a little for more members, so that tasks need not move again at once.</summary>
    private void DelayFirstAssignment(StreamsGroup group)
    {
        var delayMs = Setting(group.GroupId, "streams.initial.rebalance.delay.ms", config.InitialRebalanceDelayMs);
        if (group.IsEmpty && delayMs > 0 && !context.Timer.IsScheduled(DelayKey(group.GroupId)))
            context.Timer.Schedule(DelayKey(group.GroupId), delayMs, () => AssignDelayed(group.GroupId));
    }

    private CoordinatorResult AssignDelayed(string groupId)
    {
        if (!groups.TryGet(groupId, out var found) || found is not StreamsGroup { IsEmpty: false, Topology: { } topology } group || group.GroupEpoch <= group.TargetEpoch)
            return CoordinatorResult.Empty;

        var (configured, _) = Configure(group, topology, topics());
        var records = new List<CoordinatorRecord>();
        MaybeAssign(group, null, [.. group.Members.Values], topology, configured, group.GroupEpoch, [], records);
        return new CoordinatorResult(records);
    }

    private void ScheduleSession(string groupId, string memberId) =>
        context.Timer.Schedule(SessionKey(groupId, memberId), Setting(groupId, "streams.session.timeout.ms", config.SessionTimeoutMs), () => Fence(groupId, memberId, "it sent no heartbeat in time"));

    /// <summary>A member that is to give up tasks has its own rebalance time-out to do so.</summary>
    private void ScheduleRevocation(string groupId, StreamsGroupMember member)
    {
        var key = RevocationKey(groupId, member.MemberId);
        if (member.State != MemberState.UnrevokedPartitions)
            context.Timer.Cancel(key);
        else if (!context.Timer.IsScheduled(key))
            context.Timer.Schedule(key, member.RebalanceTimeoutMs, () => FenceUnlessMoved(groupId, member));
    }

    private CoordinatorResult FenceUnlessMoved(string groupId, StreamsGroupMember then) =>
        groups.TryGet(groupId, out var group) && group is StreamsGroup streamsGroup
        && streamsGroup.Members.TryGetValue(then.MemberId, out var now) && now.MemberEpoch == then.MemberEpoch && now.State == MemberState.UnrevokedPartitions
            ? Fence(groupId, then.MemberId, "it did not give up its tasks in time")
            : CoordinatorResult.Empty;

    private CoordinatorResult Fence(string groupId, string memberId, string why)
    {
        if (!groups.TryGet(groupId, out var found) || found is not StreamsGroup group || !group.Members.ContainsKey(memberId))
            return CoordinatorResult.Empty;

        context.Logger.StreamsMemberLeaves(groupId, memberId, why);
        return new CoordinatorResult(Remove(group, memberId));
    }

    private void CancelTimers(string groupId, string memberId)
    {
        context.Timer.Cancel(SessionKey(groupId, memberId));
        context.Timer.Cancel(RevocationKey(groupId, memberId));
    }

    private static string SessionKey(string groupId, string memberId) => $"streams-session/{groupId}/{memberId}";

    private static string RevocationKey(string groupId, string memberId) => $"streams-revocation/{groupId}/{memberId}";

    private static string DelayKey(string groupId) => $"streams-first-assignment/{groupId}";
}
