using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

internal sealed partial class ShareGroupProtocol
{
    /// <summary>The groups are replayed: every member has a whole session from now on.</summary>
    public void OnLoaded()
    {
        foreach (var group in groups.All.OfType<ShareGroup>())
            foreach (var memberId in group.Members.Keys)
                ScheduleSession(group.GroupId, memberId);
    }

    /// <summary>Forgets the timers of a group that is deleted.</summary>
    public void CancelTimers(ShareGroup group)
    {
        foreach (var memberId in group.Members.Keys)
            context.Timer.Cancel(SessionKey(group.GroupId, memberId));
    }

    /// <summary>The group.</summary>
    /// <exception cref="KafkaException">GROUP_ID_NOT_FOUND: there is none, or it follows another protocol.</exception>
    public ShareGroup Get(string groupId) =>
        groups.TryGet(groupId, out var found)
            ? found as ShareGroup ?? throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a share group.")
            : throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} not found.");

    /// <summary>The group, or a new one beside the registry, which replay enters.</summary>
    private ShareGroup Find(string groupId, bool create)
    {
        if (groups.TryGet(groupId, out var found))
            return found as ShareGroup ?? throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a share group.");
        return create ? new ShareGroup(groupId, context.Rollback) : throw new KafkaException(ErrorCode.GroupIdNotFound, $"Share group {groupId} not found.");
    }

    private ShareGroupMember FindMember(ShareGroup group, ShareGroupHeartbeatRequest heartbeat)
    {
        var known = group.Members.GetValueOrDefault(heartbeat.MemberId);
        if (known is null && group.Members.Count >= config.MaxSize)
            throw new KafkaException(ErrorCode.GroupMaxSizeReached, $"The share group has reached its maximum capacity of {config.MaxSize} members.");
        if (known is not null)
        {
            CheckEpoch(known, heartbeat.MemberEpoch);
            return known;
        }

        if (heartbeat.MemberEpoch != 0)
            throw UnknownMember(group, heartbeat.MemberId);
        context.Logger.ShareMemberJoins(group.GroupId, heartbeat.MemberId);
        return new ShareGroupMember(heartbeat.MemberId);
    }

    private static void CheckEpoch(ShareGroupMember member, int received)
    {
        if (received == 0 || received == member.MemberEpoch)
            return;
        if (received > member.MemberEpoch)
        {
            throw new KafkaException(ErrorCode.FencedMemberEpoch,
                $"The share group member has a greater member epoch ({received}) than the one known by the group coordinator ({member.MemberEpoch}). The member must abandon all its partitions and rejoin.");
        }

        // The reply with the later epoch may have been lost.
        if (received != member.PreviousMemberEpoch)
        {
            throw new KafkaException(ErrorCode.FencedMemberEpoch,
                $"The share group member has a smaller member epoch ({received}) than the one known by the group coordinator ({member.MemberEpoch}), and it does not match the previous member epoch ({member.PreviousMemberEpoch}). The member must abandon all its partitions and rejoin.");
        }
    }

    private CoordinatorResult<ShareHeartbeatResult> Leave(ShareGroupHeartbeatRequest heartbeat)
    {
        var group = Get(heartbeat.GroupId);
        if (!group.Members.ContainsKey(heartbeat.MemberId))
            throw UnknownMember(group, heartbeat.MemberId);

        context.Logger.ShareMemberLeaves(group.GroupId, heartbeat.MemberId, "it said so");
        var response = new ShareGroupHeartbeatResponse { MemberId = heartbeat.MemberId, MemberEpoch = heartbeat.MemberEpoch };
        return new(Remove(group, heartbeat.MemberId), new ShareHeartbeatResult(response, null));
    }

    private List<CoordinatorRecord> Remove(ShareGroup group, string memberId)
    {
        context.Timer.Cancel(SessionKey(group.GroupId, memberId));
        var records = new List<CoordinatorRecord>();
        ShareGroupRecords.AddMemberTombstones(records, group.GroupId, memberId);
        records.Add(ShareGroupRecords.Group(group.GroupId, group.GroupEpoch + 1, HashTopics(group.Members.Values.Where(member => member.MemberId != memberId), topics())));
        return records;
    }

    private void ScheduleSession(string groupId, string memberId) =>
        context.Timer.Schedule(SessionKey(groupId, memberId), Setting(groupId, "share.session.timeout.ms", config.SessionTimeoutMs), () => Expire(groupId, memberId));

    private CoordinatorResult Expire(string groupId, string memberId)
    {
        if (!groups.TryGet(groupId, out var found) || found is not ShareGroup group || !group.Members.ContainsKey(memberId))
            return CoordinatorResult.Empty;

        context.Logger.ShareMemberLeaves(groupId, memberId, "it sent no heartbeat in time");
        return new CoordinatorResult(Remove(group, memberId));
    }

    private static KafkaException UnknownMember(ShareGroup group, string memberId) =>
        new(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {group.GroupId}.");

    private static string SessionKey(string groupId, string memberId) => $"share-session/{groupId}/{memberId}";
}
