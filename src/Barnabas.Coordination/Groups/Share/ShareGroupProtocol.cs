using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>
/// Decides for share groups: who is a member, when the epoch rises, which partitions get state and who reads what. Groups
/// change when the records it answers are replayed. Lives on its shard's thread.
/// </summary>
internal sealed partial class ShareGroupProtocol(CoordinatorShardContext context, GroupRegistry groups, ShareGroupConfig config, Func<IGroupTopics> topics)
{
    private const int LeaveEpoch = -1;

    /// <summary>ShareGroupHeartbeat; with the answer comes the request that begins the state of partitions new to the group, if any.</summary>
    /// <exception cref="KafkaException">The request fails.</exception>
    public CoordinatorResult<ShareHeartbeatResult> Heartbeat(GroupRequestContext request, ShareGroupHeartbeatRequest heartbeat)
    {
        Validate(heartbeat);
        return heartbeat.MemberEpoch == LeaveEpoch ? Leave(heartbeat) : Beat(request, heartbeat);
    }

    private static void Validate(ShareGroupHeartbeatRequest heartbeat)
    {
        RefuseEmpty(heartbeat.MemberId, "MemberId");
        RefuseEmpty(heartbeat.GroupId, "GroupId");
        RefuseEmpty(heartbeat.RackId, "RackId");
        if (heartbeat.MemberEpoch == 0 && heartbeat.SubscribedTopicNames is null or { Count: 0 })
            throw new KafkaException(ErrorCode.InvalidRequest, "SubscribedTopicNames must be set in first request.");
        if (heartbeat.MemberEpoch < LeaveEpoch)
            throw new KafkaException(ErrorCode.InvalidRequest, "MemberEpoch is invalid.");
    }

    private static void RefuseEmpty(string? value, string name)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
            throw new KafkaException(ErrorCode.InvalidRequest, $"{name} can't be empty.");
    }

    private CoordinatorResult<ShareHeartbeatResult> Beat(GroupRequestContext request, ShareGroupHeartbeatRequest heartbeat)
    {
        var joins = heartbeat.MemberEpoch == 0;
        var group = Find(heartbeat.GroupId, joins);
        var known = FindMember(group, heartbeat);
        var member = known with
        {
            RackId = heartbeat.RackId ?? known.RackId,
            SubscribedTopicNames = heartbeat.SubscribedTopicNames?.ToImmutableSortedSet(StringComparer.Ordinal) ?? known.SubscribedTopicNames,
            ClientId = request.ClientId,
            ClientHost = request.ClientHost,
        };
        var records = new List<CoordinatorRecord>();
        if (!group.Members.ContainsKey(member.MemberId) || !known.SameMetadata(member))
            records.Add(ShareGroupRecords.Member(group.GroupId, member));

        var seen = topics();
        var members = group.Members.Values.Where(other => other.MemberId != member.MemberId).Append(member).ToList();
        var subscriptionChanged = !group.Members.ContainsKey(member.MemberId) || !known.SameSubscription(member);
        var (epoch, bumped) = MaybeBumpEpoch(group, members, seen, subscriptionChanged, records);
        var (targetEpoch, target) = MaybeAssign(group, member, members, seen, epoch, records);
        var next = Reconcile(member, targetEpoch, target, bumped, seen);
        if (next.MemberEpoch != member.MemberEpoch || !next.AssignedPartitions.Equals(member.AssignedPartitions))
            records.Add(ShareGroupRecords.Current(group.GroupId, next));

        ScheduleSession(group.GroupId, member.MemberId);
        // The client learns its assignment when it joins, when it says all it knows (after an error), and when it changes.
        var response = new ShareGroupHeartbeatResponse
        {
            MemberId = next.MemberId,
            MemberEpoch = next.MemberEpoch,
            HeartbeatIntervalMs = Setting(group.GroupId, "share.heartbeat.interval.ms", config.HeartbeatIntervalMs),
            Assignment = joins || heartbeat.SubscribedTopicNames is not null || !next.AssignedPartitions.Equals(known.AssignedPartitions) ? ToResponse(next.AssignedPartitions) : null,
        };
        return new(records, new ShareHeartbeatResult(response, BeginState(group, epoch, members, seen, records)));
    }

    /// <summary>Raises the epoch where subscriptions or their topics have changed, or partitions with state have no reader yet.</summary>
    private static (int Epoch, bool Bumped) MaybeBumpEpoch(
        ShareGroup group, List<ShareGroupMember> members, IGroupTopics seen, bool subscriptionChanged, List<CoordinatorRecord> records)
    {
        var due = subscriptionChanged || (group.TargetEpoch >= group.GroupEpoch && IsAssignmentPending(group));
        if (!due && group.CheckedVersion == seen.Version)
            return (group.GroupEpoch, false);

        group.CheckedVersion = seen.Version;
        var hash = HashTopics(members, seen);
        if (!due && hash == group.TopicsHash)
            return (group.GroupEpoch, false);

        records.Add(ShareGroupRecords.Group(group.GroupId, group.GroupEpoch + 1, hash));
        return (group.GroupEpoch + 1, true);
    }

    private static bool IsAssignmentPending(ShareGroup group)
    {
        if (group.IsEmpty || group.StatePartitions is not { } state)
            return false;

        foreach (var (topicId, initialized) in state.Initialized)
        {
            if (group.IsSubscribedToTopic(initialized.Name)
                && !group.Targets.Values.SelectMany(target => target[topicId]).ToImmutableSortedSet().SetEquals(initialized.Partitions))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes the target assignment for the epoch and writes the part of it that differs. Between two assignments some time passes.</summary>
    private (int Epoch, Assignment Target) MaybeAssign(
        ShareGroup group, ShareGroupMember member, List<ShareGroupMember> members, IGroupTopics seen, int epoch, List<CoordinatorRecord> records)
    {
        var intervalMs = Setting(group.GroupId, "share.assignment.interval.ms", config.AssignmentIntervalMs);
        if (group.TargetEpoch >= epoch || (group.AssignedAtMs != 0 && context.NowMs < group.AssignedAtMs + intervalMs))
            return (group.TargetEpoch, group.TargetOf(member.MemberId));

        var assignable = group.StatePartitions?.Initialized.ToDictionary(topic => topic.Key, topic => topic.Value.Partitions) ?? [];
        var subscriptions = members.ToDictionary(
            one => one.MemberId,
            one => (IReadOnlySet<Uuid>)one.SubscribedTopicNames.Where(name => seen.TryGet(name, out _)).Select(name => seen.TryGet(name, out var topic) ? topic.Id : default).ToHashSet(),
            StringComparer.Ordinal);
        var assigned = SimpleAssignor.Assign(subscriptions, group.TargetOf, assignable);
        foreach (var memberId in assigned.Keys.Order(StringComparer.Ordinal))
        {
            if (!group.Targets.TryGetValue(memberId, out var target) || !target.Equals(assigned[memberId]))
                records.Add(ShareGroupRecords.Target(group.GroupId, memberId, assigned[memberId]));
        }

        records.Add(ShareGroupRecords.TargetEpoch(group.GroupId, epoch, context.NowMs));
        return (epoch, assigned[member.MemberId]);
    }

    /// <summary>Members of a share group give up and get partitions at once: nobody owns one alone.</summary>
    private static ShareGroupMember Reconcile(ShareGroupMember member, int targetEpoch, Assignment target, bool subscriptionChanged, IGroupTopics seen) =>
        targetEpoch != member.MemberEpoch || subscriptionChanged
            ? member.MoveTo(targetEpoch) with
            {
                AssignedPartitions = Assignment.Of(target.Partitions.Where(topic => seen.TryGet(topic.Key, out var known) && member.SubscribedTopicNames.Contains(known.Name))),
            }
            : member;

    private static long HashTopics(IEnumerable<ShareGroupMember> members, IGroupTopics seen) =>
        TopicsHash.Of(members.Aggregate(ImmutableSortedSet.Create<string>(StringComparer.Ordinal), (all, member) => all.Union(member.SubscribedTopicNames)), seen);

    private static ShareGroupHeartbeatResponse.AssignmentData ToResponse(Assignment assignment) => new()
    {
        TopicPartitions = [.. assignment.Partitions.OrderBy(topic => topic.Key).Select(topic =>
            new ShareGroupHeartbeatResponse.TopicPartitions { TopicId = topic.Key, Partitions = [.. topic.Value] })],
    };

    /// <summary>The group's own setting, or the broker's.</summary>
    private int Setting(string groupId, string key, int fallback) =>
        topics().GroupConfig(groupId, key) is { } value && int.TryParse(value, out var number) ? number : fallback;
}

/// <summary>What a heartbeat of a share group leads to.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Initialize">What the share coordinator is asked once the records are committed, or null.</param>
public sealed record ShareHeartbeatResult(ShareGroupHeartbeatResponse Response, InitializeShareGroupStateRequest? Initialize);
