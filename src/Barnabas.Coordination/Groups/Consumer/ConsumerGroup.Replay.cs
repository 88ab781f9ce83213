using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

internal sealed partial class ConsumerGroup
{
    public void Replay(ConsumerGroupMetadataValue value)
    {
        var (epoch, hash) = (GroupEpoch, TopicsHash);
        rollback.Add(() => (GroupEpoch, TopicsHash) = (epoch, hash));
        (GroupEpoch, TopicsHash) = (value.Epoch, value.MetadataHash);
    }

    public void Replay(ConsumerGroupTargetAssignmentMetadataValue value)
    {
        var (epoch, assignedAtMs) = (TargetEpoch, AssignedAtMs);
        rollback.Add(() => (TargetEpoch, AssignedAtMs) = (epoch, assignedAtMs));
        (TargetEpoch, AssignedAtMs) = (value.AssignmentEpoch, value.AssignmentTimestamp);
    }

    public void Replay(ConsumerGroupMemberMetadataKey key, ConsumerGroupMemberMetadataValue? value)
    {
        var known = _members.TryGetValue(key.MemberId, out var member);
        if (known && member!.InstanceId is { } oldInstance && _staticMembers.TryGetValue(oldInstance, out var holder) && holder == key.MemberId)
            _staticMembers.Remove(oldInstance);
        if (value is null)
        {
            if (known)
                Release(member!);
            _members.Remove(key.MemberId);
            return;
        }

        if (value.InstanceId is { } instance)
            _staticMembers.Put(instance, key.MemberId);
        _members.Put(key.MemberId, (member ?? new ConsumerGroupMember(key.MemberId)) with
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            SubscribedTopicNames = value.SubscribedTopicNames.ToImmutableSortedSet(StringComparer.Ordinal),
            SubscribedTopicRegex = string.IsNullOrEmpty(value.SubscribedTopicRegex) ? null : value.SubscribedTopicRegex,
            RebalanceTimeoutMs = value.RebalanceTimeoutMs,
            ServerAssignorName = value.ServerAssignor,
            ClassicMemberMetadata = value.ClassicMemberMetadata,
        });
    }

    public void Replay(ConsumerGroupTargetAssignmentMemberKey key, ConsumerGroupTargetAssignmentMemberValue? value)
    {
        if (value is null)
            _targets.Remove(key.MemberId);
        else
            _targets.Put(key.MemberId, Assignment.Of(value.TopicPartitions.Select(topic => KeyValuePair.Create(topic.TopicId, topic.Partitions.ToImmutableSortedSet()))));
    }

    public void Replay(ConsumerGroupCurrentMemberAssignmentKey key, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        if (!_members.TryGetValue(key.MemberId, out var member))
            return;

        Release(member);
        member = value is null
            ? member with { MemberEpoch = -1, PreviousMemberEpoch = -1, State = MemberState.Stable, AssignedPartitions = Assignment.Empty, PartitionsPendingRevocation = Assignment.Empty, AssignmentEpochs = member.AssignmentEpochs.Clear() }
            : member with
            {
                MemberEpoch = value.MemberEpoch,
                PreviousMemberEpoch = value.PreviousMemberEpoch,
                State = Enum.IsDefined((MemberState)value.State) ? (MemberState)value.State : MemberState.Unknown,
                AssignedPartitions = ToAssignment(value.AssignedPartitions),
                PartitionsPendingRevocation = ToAssignment(value.PartitionsPendingRevocation),
                AssignmentEpochs = ToAssignmentEpochs(value),
            };
        _members.Put(key.MemberId, member);
        foreach (var owned in Owned(member))
            _ownerEpochs.Put(owned, member.MemberEpoch);
    }

    public void Replay(ConsumerGroupRegularExpressionKey key, ConsumerGroupRegularExpressionValue? value)
    {
        if (value is null)
            _patterns.Remove(key.RegularExpression);
        else
            _patterns.Put(key.RegularExpression, new ResolvedPattern(value.Topics.ToImmutableSortedSet(StringComparer.Ordinal), value.Version, value.Timestamp));
    }

    /// <summary>Frees what the member owns, unless another member took it since: a static member's successor is written before it goes.</summary>
    private void Release(ConsumerGroupMember member)
    {
        foreach (var owned in Owned(member))
            if (_ownerEpochs.TryGetValue(owned, out var epoch) && epoch == member.MemberEpoch)
                _ownerEpochs.Remove(owned);
    }

    private static IEnumerable<(Uuid TopicId, int Partition)> Owned(ConsumerGroupMember member) =>
        member.AssignedPartitions.All.Concat(member.PartitionsPendingRevocation.All);

    /// <summary>Coordinators before 4.3 wrote none: such a member commits in its present epoch.</summary>
    private static ImmutableDictionary<(Uuid TopicId, int Partition), int> ToAssignmentEpochs(ConsumerGroupCurrentMemberAssignmentValue value)
    {
        var epochs = ImmutableDictionary.CreateBuilder<(Uuid, int), int>();
        foreach (var topic in value.AssignedPartitions.Concat(value.PartitionsPendingRevocation))
            for (var i = 0; i < topic.Partitions.Count; i++)
                epochs[(topic.TopicId, topic.Partitions[i])] = topic.AssignmentEpochs is { } known && i < known.Count ? known[i] : value.MemberEpoch;
        return epochs.ToImmutable();
    }

    private static Assignment ToAssignment(List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics) =>
        Assignment.Of(topics.Select(topic => KeyValuePair.Create(topic.TopicId, topic.Partitions.ToImmutableSortedSet())));
}
