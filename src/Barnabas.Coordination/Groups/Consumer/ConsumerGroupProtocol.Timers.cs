using Barnabas.Coordination.Runtime;

namespace Barnabas.Coordination.Groups.Consumer;

internal sealed partial class ConsumerGroupProtocol
{
    /// <summary>The groups are replayed: every member has a whole session from now on.</summary>
    public void OnLoaded()
    {
        foreach (var group in groups.All.OfType<ConsumerGroup>())
            foreach (var member in group.Members.Values)
            {
                ScheduleSession(group.GroupId, member);
                ScheduleRevocation(group.GroupId, member);
            }
    }

    /// <summary>Forgets the timers of a group that is deleted.</summary>
    public void CancelTimers(ConsumerGroup group)
    {
        foreach (var memberId in group.Members.Keys)
            CancelTimers(group.GroupId, memberId);
    }

    private void ScheduleSession(string groupId, ConsumerGroupMember member) =>
        context.Timer.Schedule(
            SessionKey(groupId, member.MemberId),
            member.ClassicMemberMetadata?.SessionTimeoutMs ?? Setting(groupId, "consumer.session.timeout.ms", config.SessionTimeoutMs),
            () => Fence(groupId, member.MemberId, "it sent no heartbeat in time"));

    /// <summary>A member that is to give up partitions has its own rebalance time-out to do so.</summary>
    private void ScheduleRevocation(string groupId, ConsumerGroupMember member)
    {
        var key = RevocationKey(groupId, member.MemberId);
        if (member.State != MemberState.UnrevokedPartitions)
            context.Timer.Cancel(key);
        else if (!context.Timer.IsScheduled(key))
            context.Timer.Schedule(key, member.RebalanceTimeoutMs, () => FenceUnlessMoved(groupId, member));
    }

    private CoordinatorResult FenceUnlessMoved(string groupId, ConsumerGroupMember then) =>
        groups.TryGet(groupId, out var group) && group is ConsumerGroup consumerGroup
        && consumerGroup.Members.TryGetValue(then.MemberId, out var now) && now.MemberEpoch == then.MemberEpoch && now.State == MemberState.UnrevokedPartitions
            ? Fence(groupId, then.MemberId, "it did not give up its partitions in time")
            : CoordinatorResult.Empty;

    private CoordinatorResult Fence(string groupId, string memberId, string why)
    {
        if (!groups.TryGet(groupId, out var found) || found is not ConsumerGroup group || !group.Members.ContainsKey(memberId))
            return CoordinatorResult.Empty;

        context.Logger.ConsumerMemberLeaves(groupId, memberId, why);
        return Remove(group, memberId);
    }

    private void CancelTimers(string groupId, string memberId)
    {
        context.Timer.Cancel(SessionKey(groupId, memberId));
        context.Timer.Cancel(RevocationKey(groupId, memberId));
        context.Timer.Cancel(JoinKey(groupId, memberId));
        context.Timer.Cancel(SyncKey(groupId, memberId));
    }

    private static string SessionKey(string groupId, string memberId) => $"consumer-session/{groupId}/{memberId}";

    private static string RevocationKey(string groupId, string memberId) => $"consumer-revocation/{groupId}/{memberId}";
}
