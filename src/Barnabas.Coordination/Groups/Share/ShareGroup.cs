using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>
/// A share group as its records say (KIP-932). It changes by replay alone, through its shard's rollback log; what to write
/// is decided by <see cref="ShareGroupProtocol"/>. Lives on its shard's thread.
/// </summary>
internal sealed class ShareGroup(string groupId, RollbackLog rollback) : Group(groupId)
{
    private readonly TimelineDictionary<string, ShareGroupMember> _members = new(rollback);
    private readonly TimelineDictionary<string, Assignment> _targets = new(rollback);

    public override GroupType Type => GroupType.Share;

    public override string StateName => IsEmpty ? "Empty" : "Stable";

    public override string ProtocolTypeName => "share";

    public override bool IsEmpty => _members.Count == 0;

    /// <summary>A share group has no committed offsets; what it has is deleted by hand.</summary>
    public override bool ShouldExpire => false;

    public override OffsetExpiration? OffsetExpiration => null;

    /// <summary>The epoch of the members and their subscriptions. A new group stands at 1, as in Kafka.</summary>
    public int GroupEpoch { get; private set; } = 1;

    /// <summary>What the topics were at <see cref="GroupEpoch"/>.</summary>
    public long TopicsHash { get; private set; }

    /// <summary>The group epoch that the target assignment was made for.</summary>
    public int TargetEpoch { get; private set; } = 1;

    /// <summary>When the target assignment was made, or 0 before the first. Milliseconds since 1970.</summary>
    public long AssignedAtMs { get; private set; }

    /// <summary>The partitions that have state with the share coordinator; null where none ever had.</summary>
    public ShareStatePartitions? StatePartitions { get; private set; }

    /// <summary>The metadata version that was last compared with <see cref="TopicsHash"/>. Not written: after a load it is compared again.</summary>
    public long CheckedVersion { get; set; } = -1;

    public IReadOnlyDictionary<string, ShareGroupMember> Members => _members;

    public IReadOnlyDictionary<string, Assignment> Targets => _targets;

    public Assignment TargetOf(string memberId) => _targets.TryGetValue(memberId, out var target) ? target : Assignment.Empty;

    public override bool IsSubscribedToTopic(string topic) => _members.Values.Any(member => member.SubscribedTopicNames.Contains(topic));

    public override CommitPartitionValidator? ValidateOffsetCommit(string memberId, string? groupInstanceId, int generationIdOrMemberEpoch, bool isTransactional, short apiVersion) => throw NotAConsumerGroup();

    public override void ValidateOffsetFetch(string? memberId, int memberEpoch) => throw NotAConsumerGroup();

    public override void ValidateOffsetDelete() => throw NotAConsumerGroup();

    public override void ValidateDeleteGroup()
    {
        if (!IsEmpty)
            throw new KafkaException(ErrorCode.NonEmptyGroup, ErrorCodes.Message(ErrorCode.NonEmptyGroup));
    }

    public override void AddTombstones(List<CoordinatorRecord> records)
    {
        foreach (var memberId in _members.Keys)
            ShareGroupRecords.AddMemberTombstones(records, GroupId, memberId);
        records.Add(CoordinatorRecord.Tombstone(new ShareGroupTargetAssignmentMetadataKey { GroupId = GroupId }));
        records.Add(CoordinatorRecord.Tombstone(new ShareGroupStatePartitionMetadataKey { GroupId = GroupId }));
        records.Add(CoordinatorRecord.Tombstone(new ShareGroupMetadataKey { GroupId = GroupId }));
    }

    public void Replay(ShareGroupMetadataValue value)
    {
        var (epoch, hash) = (GroupEpoch, TopicsHash);
        rollback.Add(() => (GroupEpoch, TopicsHash) = (epoch, hash));
        (GroupEpoch, TopicsHash) = (value.Epoch, value.MetadataHash);
    }

    public void Replay(ShareGroupTargetAssignmentMetadataValue? value)
    {
        var (epoch, assignedAtMs) = (TargetEpoch, AssignedAtMs);
        rollback.Add(() => (TargetEpoch, AssignedAtMs) = (epoch, assignedAtMs));
        (TargetEpoch, AssignedAtMs) = (value?.AssignmentEpoch ?? -1, value?.AssignmentTimestamp ?? 0);
    }

    public void Replay(ShareGroupStatePartitionMetadataValue? value, long nowMs)
    {
        var previous = StatePartitions;
        rollback.Add(() => StatePartitions = previous);
        StatePartitions = value is null ? null : ShareStatePartitions.Of(value, nowMs);
    }

    public void Replay(ShareGroupMemberMetadataKey key, ShareGroupMemberMetadataValue? value)
    {
        if (value is null)
        {
            _members.Remove(key.MemberId);
            return;
        }

        var member = _members.TryGetValue(key.MemberId, out var known) ? known : new ShareGroupMember(key.MemberId);
        _members.Put(key.MemberId, member with
        {
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            SubscribedTopicNames = value.SubscribedTopicNames.ToImmutableSortedSet(StringComparer.Ordinal),
        });
    }

    public void Replay(ShareGroupTargetAssignmentMemberKey key, ShareGroupTargetAssignmentMemberValue? value)
    {
        if (value is null)
            _targets.Remove(key.MemberId);
        else
            _targets.Put(key.MemberId, Assignment.Of(value.TopicPartitions.Select(topic => KeyValuePair.Create(topic.TopicId, topic.Partitions.ToImmutableSortedSet()))));
    }

    public void Replay(ShareGroupCurrentMemberAssignmentKey key, ShareGroupCurrentMemberAssignmentValue? value)
    {
        if (!_members.TryGetValue(key.MemberId, out var member))
            return;

        _members.Put(key.MemberId, value is null
            ? member with { MemberEpoch = -1, PreviousMemberEpoch = -1, AssignedPartitions = Assignment.Empty }
            : member with
            {
                MemberEpoch = value.MemberEpoch,
                PreviousMemberEpoch = value.PreviousMemberEpoch,
                AssignedPartitions = Assignment.Of(value.AssignedPartitions.Select(topic => KeyValuePair.Create(topic.TopicId, topic.Partitions.ToImmutableSortedSet()))),
            });
    }

    private KafkaException NotAConsumerGroup() => new(ErrorCode.GroupIdNotFound, $"Group {GroupId} is not a consumer group.");
}
