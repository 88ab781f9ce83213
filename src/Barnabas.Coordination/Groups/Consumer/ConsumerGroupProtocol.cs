using System.Collections.Immutable;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>
/// Decides for KIP-848 groups: who is a member, when the epoch rises, what the target assignment is and what a member
/// does next on its way there. Groups change when the records it answers are replayed. Lives on its shard's thread.
/// </summary>
internal sealed partial class ConsumerGroupProtocol(
    CoordinatorShardContext context, GroupRegistry groups, GroupCoordinatorConfig coordinator, Classic.ClassicGroupProtocol classic, Func<IGroupTopics> topics)
{
    private readonly ConsumerGroupConfig config = coordinator.Consumer;

    /// <summary>ConsumerGroupHeartbeat.</summary>
    /// <exception cref="KafkaException">The request fails.</exception>
    public CoordinatorResult<ConsumerGroupHeartbeatResponse> Heartbeat(GroupRequestContext request, ConsumerGroupHeartbeatRequest heartbeat)
    {
        ConsumerGroupHeartbeatValidator.Validate(heartbeat, request.ApiVersion, config);
        return heartbeat.MemberEpoch is ConsumerGroupHeartbeatValidator.LeaveEpoch or ConsumerGroupHeartbeatValidator.LeaveStaticEpoch
            ? Leave(heartbeat)
            : Beat(request, heartbeat);
    }

    private CoordinatorResult<ConsumerGroupHeartbeatResponse> Beat(GroupRequestContext request, ConsumerGroupHeartbeatRequest heartbeat)
    {
        var joins = heartbeat.MemberEpoch == 0;
        var (group, replaced) = Find(heartbeat.GroupId, joins);
        var seen = topics();
        var change = new ConsumerGroupChange(group, seen, config, context.NowMs);
        var known = FindMember(group, heartbeat, change);
        var member = Update(known, request, heartbeat);
        if (known.IsNew || !SameMetadata(known, member))
            change.PutMember(member);

        RaiseEpoch(group, change, seen, SubscriptionRaisesEpoch(group, known, member));
        AssignWhenDue(group, change);
        var owned = heartbeat.TopicPartitions is { } partitions
            ? Assignment.Of(partitions.Select(topic => KeyValuePair.Create(topic.TopicId, topic.Partitions.ToImmutableSortedSet())))
            : null;
        var next = Reconcile(group, change, member, owned);
        if (!ReferenceEquals(next, member))
            change.PutCurrent(next);

        ScheduleSession(group.GroupId, member);
        ScheduleRevocation(group.GroupId, next);
        // The client learns its assignment when it joins, when it says all it knows (after an error), and when it changes.
        var saysAll = heartbeat is { RebalanceTimeoutMs: not -1, TopicPartitions: not null } && (heartbeat.SubscribedTopicNames is not null || heartbeat.SubscribedTopicRegex is not null);
        var response = new ConsumerGroupHeartbeatResponse
        {
            MemberId = next.MemberId,
            MemberEpoch = next.MemberEpoch,
            HeartbeatIntervalMs = Setting(group.GroupId, "consumer.heartbeat.interval.ms", config.HeartbeatIntervalMs),
            Assignment = joins || saysAll || !next.AssignedPartitions.Equals(member.AssignedPartitions) ? ToResponse(next.AssignedPartitions) : null,
        };
        return new CoordinatorResult<ConsumerGroupHeartbeatResponse>([.. replaced, .. change.Records], response);
    }

    /// <summary>Raises the epoch where the subscriptions or their topics have changed.</summary>
    private static void RaiseEpoch(ConsumerGroup group, ConsumerGroupChange change, IGroupTopics seen, bool subscriptionChanged)
    {
        if (subscriptionChanged || change.HasMemberChanges || group.CheckedVersion != seen.Version)
        {
            var patternsChanged = change.ResolvePatterns();
            var hash = change.HashTopics();
            if (subscriptionChanged || patternsChanged || hash != group.TopicsHash)
                change.BumpEpoch(hash);
            group.CheckedVersion = seen.Version;
        }
    }

    /// <summary>Makes the target assignment of a new epoch.</summary>
    private void AssignWhenDue(ConsumerGroup group, ConsumerGroupChange change)
    {
        // Members that come together shall move partitions once: between two assignments some time passes.
        if (change.GroupEpoch > change.TargetEpoch && (group.AssignedAtMs == 0
            || context.NowMs >= group.AssignedAtMs + Setting(group.GroupId, "consumer.assignment.interval.ms", config.AssignmentIntervalMs)))
            change.Assign();
    }

    /// <summary>A pattern that nobody used before raises the epoch only by the topics it turns out to match.</summary>
    private static bool SubscriptionRaisesEpoch(ConsumerGroup group, ConsumerGroupMember known, ConsumerGroupMember member) =>
        !known.SubscribedTopicNames.SetEquals(member.SubscribedTopicNames)
        || known.ServerAssignorName != member.ServerAssignorName
        || (known.IsNew && member.SubscribedTopicRegex is null)
        || (known.SubscribedTopicRegex != member.SubscribedTopicRegex && (member.SubscribedTopicRegex is null || group.Patterns.ContainsKey(member.SubscribedTopicRegex)));

    private static ConsumerGroupMember Reconcile(ConsumerGroup group, ConsumerGroupChange change, ConsumerGroupMember member, Assignment? owned) =>
        new CurrentAssignmentBuilder(change.TargetEpoch, change.TargetOf(member.MemberId), change.TopicIdsOf(member), group.EpochOfOwner, owned).Build(member);

    /// <summary>The group, or a new one beside the registry, which replay enters; a classic group makes room for it, or becomes it with its members.</summary>
    private (ConsumerGroup Group, IReadOnlyList<CoordinatorRecord> Replaced) Find(string groupId, bool create)
    {
        if (groups.TryGet(groupId, out var found))
        {
            if (found is ConsumerGroup group)
                return (group, []);
            if (!create || found is not Classic.ClassicGroup classicGroup)
                throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a consumer group.");
            if (!found.IsEmpty)
                return Upgrade(classicGroup);

            var tombstones = new List<CoordinatorRecord>();
            found.AddTombstones(tombstones);
            return (new ConsumerGroup(groupId, context.Rollback), tombstones);
        }

        return create
            ? (new ConsumerGroup(groupId, context.Rollback), [])
            : throw new KafkaException(ErrorCode.GroupIdNotFound, $"Consumer group {groupId} not found.");
    }

    private static ConsumerGroupMember Update(ConsumerGroupMember member, GroupRequestContext request, ConsumerGroupHeartbeatRequest heartbeat) => member with
    {
        InstanceId = heartbeat.InstanceId ?? member.InstanceId,
        RackId = heartbeat.RackId ?? member.RackId,
        RebalanceTimeoutMs = heartbeat.RebalanceTimeoutMs != -1 ? heartbeat.RebalanceTimeoutMs : member.RebalanceTimeoutMs,
        ServerAssignorName = heartbeat.ServerAssignor ?? member.ServerAssignorName,
        SubscribedTopicNames = heartbeat.SubscribedTopicNames?.ToImmutableSortedSet(StringComparer.Ordinal) ?? member.SubscribedTopicNames,
        // The empty pattern takes a pattern back; null leaves it.
        SubscribedTopicRegex = heartbeat.SubscribedTopicRegex is { } pattern ? (pattern.Length == 0 ? null : pattern) : member.SubscribedTopicRegex,
        ClientId = request.ClientId,
        ClientHost = request.ClientHost,
        ClassicMemberMetadata = null,
    };

    private static bool SameMetadata(ConsumerGroupMember a, ConsumerGroupMember b) =>
        a.SubscribedTopicNames.SetEquals(b.SubscribedTopicNames) && a.SubscribedTopicRegex == b.SubscribedTopicRegex && a.ServerAssignorName == b.ServerAssignorName
        && a.InstanceId == b.InstanceId && a.RackId == b.RackId && a.RebalanceTimeoutMs == b.RebalanceTimeoutMs
        && a.ClientId == b.ClientId && a.ClientHost == b.ClientHost && ClassicMembers.Same(a.ClassicMemberMetadata, b.ClassicMemberMetadata);

    private static ConsumerGroupHeartbeatResponse.AssignmentData ToResponse(Assignment assignment) => new()
    {
        TopicPartitions = [.. assignment.Partitions.OrderBy(topic => topic.Key).Select(topic =>
            new ConsumerGroupHeartbeatResponse.TopicPartitions { TopicId = topic.Key, Partitions = [.. topic.Value] })],
    };

    /// <summary>The group's own setting, or the broker's.</summary>
    private int Setting(string groupId, string key, int fallback) =>
        topics().GroupConfig(groupId, key) is { } value && int.TryParse(value, out var number) ? number : fallback;
}
