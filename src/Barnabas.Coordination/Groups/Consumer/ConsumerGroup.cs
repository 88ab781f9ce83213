using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>
/// A KIP-848 group as its records say. It changes by replay alone, through its shard's rollback log; what to write is
/// decided by <see cref="ConsumerGroupProtocol"/>. Lives on its shard's thread.
/// </summary>
internal sealed partial class ConsumerGroup(string groupId, RollbackLog rollback) : Group(groupId)
{
    private readonly TimelineDictionary<string, ConsumerGroupMember> _members = new(rollback);
    private readonly TimelineDictionary<string, string> _staticMembers = new(rollback);
    private readonly TimelineDictionary<string, Assignment> _targets = new(rollback);
    private readonly TimelineDictionary<(Uuid TopicId, int Partition), int> _ownerEpochs = new(rollback);
    private readonly TimelineDictionary<string, ResolvedPattern> _patterns = new(rollback);

    public override GroupType Type => GroupType.Consumer;

    public override string StateName => State.ToString();

    public override string ProtocolTypeName => "consumer";

    public override bool IsEmpty => _members.Count == 0;

    public override OffsetExpiration? OffsetExpiration => Offsets.OffsetExpiration.SinceCommit;

    /// <summary>The epoch of the members and their subscriptions. A new group stands at 1, so that its first member brings it to 2, as in Kafka.</summary>
    public int GroupEpoch { get; private set; } = 1;

    /// <summary>What the topics were at <see cref="GroupEpoch"/>.</summary>
    public long TopicsHash { get; private set; }

    /// <summary>The group epoch that the target assignment was made for.</summary>
    public int TargetEpoch { get; private set; } = 1;

    /// <summary>When the target assignment was made, in milliseconds; 0 before the first.</summary>
    public long AssignedAtMs { get; private set; }

    /// <summary>The metadata version that was last compared with <see cref="TopicsHash"/>. Not written: after a load it is compared again.</summary>
    public long CheckedVersion { get; set; } = -1;

    public ConsumerGroupState State =>
        IsEmpty ? ConsumerGroupState.Empty
        : GroupEpoch > TargetEpoch ? ConsumerGroupState.Assigning
        : _members.Values.Any(member => !member.IsReconciledTo(TargetEpoch)) ? ConsumerGroupState.Reconciling
        : ConsumerGroupState.Stable;

    public IReadOnlyDictionary<string, ConsumerGroupMember> Members => _members;

    public IReadOnlyDictionary<string, ResolvedPattern> Patterns => _patterns;

    public Assignment TargetOf(string memberId) => _targets.TryGetValue(memberId, out var target) ? target : Assignment.Empty;

    public ConsumerGroupMember? FindStatic(string instanceId) =>
        _staticMembers.TryGetValue(instanceId, out var memberId) && _members.TryGetValue(memberId, out var member) ? member : null;

    /// <summary>The epoch in which a member owns the partition, or -1 where it is free.</summary>
    public int EpochOfOwner(Uuid topicId, int partition) => _ownerEpochs.TryGetValue((topicId, partition), out var epoch) ? epoch : -1;

    /// <summary>Whether one of these protocols is known to every member that speaks the classic protocol.</summary>
    public bool SupportsClassicProtocols(string protocolType, IReadOnlyCollection<string> names)
    {
        if (protocolType != Classic.ClassicGroup.ConsumerProtocolType)
            return false;

        var members = _members.Values.Where(member => member.UsesClassicProtocol).ToList();
        return names.Any(name => members.TrueForAll(member => member.ClassicMemberMetadata!.SupportedProtocols.Exists(protocol => protocol.Name == name)));
    }

    /// <summary>Whether all members speak the classic protocol, these left aside.</summary>
    public bool UsesClassicProtocolExcept(IReadOnlyCollection<string> memberIds) =>
        _members.Values.All(member => member.UsesClassicProtocol || memberIds.Contains(member.MemberId));

    /// <summary>Whether a partition that the member is to get is still another's.</summary>
    public bool WaitsForOthers(ConsumerGroupMember member) => TargetOf(member.MemberId).Partitions.Any(topic =>
        topic.Value.Any(partition => !member.AssignedPartitions.Contains(topic.Key, partition) && EpochOfOwner(topic.Key, partition) != -1));

    /// <summary>All topics that <paramref name="member"/> subscribes to, by name or by pattern.</summary>
    public ImmutableSortedSet<string> TopicsOf(ConsumerGroupMember member) =>
        member.SubscribedTopicRegex is { } pattern && _patterns.TryGetValue(pattern, out var resolved)
            ? member.SubscribedTopicNames.Union(resolved.Topics)
            : member.SubscribedTopicNames;

    public override bool IsSubscribedToTopic(string topic) => _members.Values.Any(member => TopicsOf(member).Contains(topic));

    public override CommitPartitionValidator? ValidateOffsetCommit(string memberId, string? groupInstanceId, int generationIdOrMemberEpoch, bool isTransactional, short apiVersion)
    {
        // The admin client, or a consumer that keeps its offsets here without being a member.
        if (generationIdOrMemberEpoch < 0 && IsEmpty)
            return null;

        if (isTransactional && generationIdOrMemberEpoch < 0 && memberId.Length == 0)
            return null;

        var member = Member(memberId);
        const short firstVersionWithMemberEpochs = 9;
        if (!isTransactional && !member.UsesClassicProtocol && apiVersion < firstVersionWithMemberEpochs)
            throw new KafkaException(ErrorCode.UnsupportedVersion, $"OffsetCommit version {firstVersionWithMemberEpochs} or above must be used by members using the consumer group protocol");

        if (generationIdOrMemberEpoch == member.MemberEpoch)
            return null;
        return generationIdOrMemberEpoch < member.MemberEpoch
            ? (topic, topicId, partition) => ValidateAssignmentEpoch(member, generationIdOrMemberEpoch, topic, topicId, partition)
            : throw EpochError(member, $"is newer than current member epoch {member.MemberEpoch}.", generationIdOrMemberEpoch);
    }

    public override void ValidateOffsetFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
            return;

        ValidateEpoch(Member(memberId ?? ""), memberEpoch);
    }

    /// <summary>Members may be in the group; whether they read the topic is asked of each topic.</summary>
    public override void ValidateOffsetDelete()
    {
    }

    public override void ValidateDeleteGroup()
    {
        if (!IsEmpty)
            throw new KafkaException(ErrorCode.NonEmptyGroup, $"Group {GroupId} is not empty.");
    }

    public override void AddTombstones(List<CoordinatorRecord> records)
    {
        foreach (var memberId in _members.Keys)
            ConsumerGroupRecords.AddMemberTombstones(records, GroupId, memberId);
        foreach (var pattern in _patterns.Keys)
            records.Add(ConsumerGroupRecords.PatternTombstone(GroupId, pattern));
        records.Add(ConsumerGroupRecords.TargetEpochTombstone(GroupId));
        records.Add(ConsumerGroupRecords.TopicsTombstone(GroupId));
        records.Add(ConsumerGroupRecords.GroupTombstone(GroupId));
    }

    private ConsumerGroupMember Member(string memberId) =>
        _members.TryGetValue(memberId, out var member)
            ? member
            : throw new KafkaException(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {GroupId}.");

    /// <summary>A member that has not heard of its new epoch yet commits what it had before that.</summary>
    private static void ValidateAssignmentEpoch(ConsumerGroupMember member, int memberEpoch, string topic, Uuid topicId, int partition)
    {
        if (!member.AssignmentEpochs.TryGetValue((topicId, partition), out var assignmentEpoch))
        {
            throw new KafkaException(
                member.UsesClassicProtocol ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch, $"Partition {topic}-{partition} is not assigned or pending revocation for member.");
        }

        if (memberEpoch < assignmentEpoch)
            throw EpochError(member, $"is older than assignment epoch {assignmentEpoch} for partition {topic}-{partition}.", memberEpoch);
    }

    private static KafkaException EpochError(ConsumerGroupMember member, string what, int memberEpoch) => member.UsesClassicProtocol
        ? new(ErrorCode.IllegalGeneration, $"Received generation id {memberEpoch} {what}")
        : new(ErrorCode.StaleMemberEpoch, $"Received member epoch {memberEpoch} {what}");

    private static void ValidateEpoch(ConsumerGroupMember member, int memberEpoch)
    {
        if (memberEpoch == member.MemberEpoch)
            return;
        if (member.UsesClassicProtocol)
            throw new KafkaException(ErrorCode.IllegalGeneration, $"The received generation id {memberEpoch} does not match the expected member epoch {member.MemberEpoch}.");
        throw new KafkaException(ErrorCode.StaleMemberEpoch, $"The received member epoch {memberEpoch} does not match the expected member epoch {member.MemberEpoch}.");
    }
}
