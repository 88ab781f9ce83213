using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

/// <summary>
/// The classic group protocol of one shard: what a request or a timer does to a group. Answers leave through parked
/// replies, since a join or sync waits for other members. Lives on the shard's thread.
/// </summary>
internal sealed partial class ClassicGroupProtocol(CoordinatorShardContext context, GroupRegistry groups, GroupCoordinatorConfig config)
{
    private const string UnknownMemberId = "";

    private ICoordinatorTimer Timer => context.Timer;

    /// <summary>Takes up the sessions of groups read from the log.</summary>
    public void OnLoaded()
    {
        foreach (var group in groups.All)
        {
            if (group is not ClassicGroup classic)
                continue;

            context.Logger.GroupLoaded(group.GroupId, group.StateName, classic.MemberCount);
            foreach (var member in classic.Members)
                RescheduleHeartbeat(classic, member);
            if (classic.MemberCount > config.MaxGroupSize)
                PrepareRebalance(classic, $"freshly loaded group of {classic.MemberCount} members is over its capacity of {config.MaxGroupSize}");
        }
    }

    /// <summary>Sends everyone who waits to look for the coordinator.</summary>
    public void OnUnloaded()
    {
        foreach (var group in groups.All)
        {
            if (group is not ClassicGroup classic)
                continue;

            classic.TransitionTo(ClassicGroupState.Dead);
            foreach (var member in classic.Members)
            {
                classic.CompleteJoin(member, new JoinGroupResponse { MemberId = member.MemberId, ErrorCode = ErrorCode.NotCoordinator });
                ClassicGroup.CompleteSync(member, new SyncGroupResponse { ErrorCode = ErrorCode.NotCoordinator });
            }
        }
    }

    /// <summary>Restores or removes a group as a record says.</summary>
    public void Replay(GroupMetadataKey key, GroupMetadataValue? value)
    {
        if (value is null)
        {
            groups.Remove(key.Group);
            return;
        }

        var group = new ClassicGroup(context, key.Group);
        group.Restore(
            value.Generation,
            value.ProtocolType.Length == 0 ? null : value.ProtocolType,
            value.Protocol,
            value.Leader,
            value.CurrentStateTimestamp == -1 ? null : value.CurrentStateTimestamp,
            value.Members.Count > 0);
        foreach (var member in value.Members)
        {
            group.Add(
                new ClassicGroupMember(
                    member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost,
                    member.RebalanceTimeout == -1 ? member.SessionTimeout : member.RebalanceTimeout,
                    member.SessionTimeout, value.ProtocolType,
                    MemberProtocols.Single(value.Protocol ?? "", member.Subscription.ToArray()), member.Assignment.ToArray()),
                null);
        }

        groups.Put(group);
        group.ComputeSubscribedTopics();
    }

    /// <summary>Forgets the timers of a group that is about to be deleted.</summary>
    public void CancelTimers(ClassicGroup group)
    {
        Timer.Cancel(JoinKey(group.GroupId));
        Timer.Cancel(SyncKey(group.GroupId));
        foreach (var member in group.Members)
            Timer.Cancel(HeartbeatKey(group.GroupId, member.MemberId));
    }

    private static string HeartbeatKey(string groupId, string memberId) => $"heartbeat-{groupId}-{memberId}";

    private static string JoinKey(string groupId) => $"join-{groupId}";

    private static string SyncKey(string groupId) => $"sync-{groupId}";
}
