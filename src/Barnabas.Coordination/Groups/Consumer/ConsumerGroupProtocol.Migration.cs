using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Classic;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

/// <content>Groups that change their protocol with members in them (KIP-848, online migration).</content>
internal sealed partial class ConsumerGroupProtocol
{
    /// <summary>
    /// What the classic group is as a KIP-848 group, beside the registry, which replay of the records changes. Its members keep
    /// their partitions; who waits in a rebalance is asked to rejoin.
    /// </summary>
    /// <exception cref="KafkaException">GROUP_ID_NOT_FOUND: the group cannot change.</exception>
    private (ConsumerGroup Group, IReadOnlyList<CoordinatorRecord> Records) Upgrade(ClassicGroup from)
    {
        CheckUpgrade(from);
        var seen = topics();
        var group = new ConsumerGroup(from.GroupId, new RollbackLog { IsRecording = false });
        var records = new List<CoordinatorRecord>();
        from.AddTombstones(records);
        var members = from.Members.Select(member => Upgrade(from, member, seen)).ToList();
        records.AddRange(members.Select(member => ConsumerGroupRecords.Member(group.GroupId, member)));
        records.Add(ConsumerGroupRecords.Group(group.GroupId, from.GenerationId, 0));
        records.AddRange(members.Select(member => ConsumerGroupRecords.Target(group.GroupId, member.MemberId, member.AssignedPartitions)));
        // Without a time: the next assignment is due at once.
        records.Add(ConsumerGroupRecords.TargetEpoch(group.GroupId, from.GenerationId, 0));
        records.AddRange(members.Select(member => ConsumerGroupRecords.Current(group.GroupId, member)));
        foreach (var record in records)
            Replay(group, record);
        classic.Disband(from);
        foreach (var member in members)
            ScheduleSession(group.GroupId, member);
        context.Logger.GroupUpgraded(group.GroupId, members.Count);
        return (group, records);
    }

    private void CheckUpgrade(ClassicGroup group)
    {
        var why = !config.MigrationPolicy.HasFlag(ConsumerGroupMigrationPolicy.Upgrade) ? "online upgrade is disabled"
            : !group.UsesConsumerProtocol ? "the group does not use the consumer embedded protocol"
            : group.MemberCount > config.MaxSize ? "the group size exceeds the consumer group maximum size"
            : null;
        if (why is not null)
            throw new KafkaException(ErrorCode.GroupIdNotFound, $"Cannot upgrade classic group {group.GroupId} to consumer group because {why}.");
    }

    private static ConsumerGroupMember Upgrade(ClassicGroup group, ClassicGroupMember member, IGroupTopics seen)
    {
        try
        {
            var assignment = ClassicMembers.ReadAssignment(member.Assignment);
            if (assignment.UserData is { IsEmpty: false })
            {
                throw new KafkaException(ErrorCode.GroupIdNotFound,
                    $"Cannot upgrade classic group {group.GroupId} to consumer group because an unsupported custom assignor is in use. " +
                    "Please refer to the documentation or switch to a default assignor before re-attempting the upgrade.");
            }

            // Between two generations the protocol is not chosen yet: the first one is what the member prefers.
            var subscription = ClassicMembers.ReadSubscription(member.Protocols.MetadataOf(group.ProtocolName) ?? member.MetadataOf(member.Protocols.Names.First()));
            return new ConsumerGroupMember(member.MemberId)
            {
                MemberEpoch = group.GenerationId,
                PreviousMemberEpoch = group.GenerationId,
                InstanceId = member.GroupInstanceId,
                RackId = subscription.RackId,
                RebalanceTimeoutMs = member.RebalanceTimeoutMs,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SubscribedTopicNames = subscription.Topics.ToImmutableSortedSet(StringComparer.Ordinal),
                ClassicMemberMetadata = new()
                {
                    SessionTimeoutMs = member.SessionTimeoutMs,
                    SupportedProtocols = [.. member.Protocols.Names.Select(name =>
                        new ConsumerGroupMemberMetadataValue.ClassicProtocol { Name = name, Metadata = member.MetadataOf(name) })],
                },
            }.Put(ClassicMembers.ToAssignment(assignment.AssignedPartitions.Select(topic => (topic.Topic, topic.Partitions)), seen), Assignment.Empty, group.GenerationId);
        }
        catch (MalformedMessageException e)
        {
            throw new KafkaException(
                ErrorCode.GroupIdNotFound,
                $"Cannot upgrade classic group {group.GroupId} to consumer group because the embedded consumer protocol is malformed.", e);
        }
    }

    /// <summary>Whether those left, once these are gone or replaced, can go on as a classic group.</summary>
    private bool CanDowngrade(ConsumerGroup group, IReadOnlyCollection<string> leaving, bool replacing = false)
    {
        var left = replacing ? group.Members.Count : group.Members.Count - leaving.Count;
        if (left <= 0 || !group.UsesClassicProtocolExcept(leaving))
            return false;
        if (config.MigrationPolicy.HasFlag(ConsumerGroupMigrationPolicy.Downgrade) && left <= coordinator.MaxGroupSize)
            return true;

        context.Logger.GroupStaysConsumer(group.GroupId);
        return false;
    }

    /// <summary>
    /// The group as a classic one, without those who leave; a joining member takes the place of the one it replaces. The
    /// registry changes at once, and back where the records cannot be written.
    /// </summary>
    private CoordinatorResult Downgrade(ConsumerGroup from, IReadOnlyCollection<string> leaving, string? rebalanceReason, ConsumerGroupMember? joining = null)
    {
        var records = new List<CoordinatorRecord>();
        from.AddTombstones(records);
        var seen = topics();
        var group = new ClassicGroup(context, from.GroupId);
        group.Restore(from.GroupEpoch, ClassicGroup.ConsumerProtocolType, null, null, context.NowMs, hasMembers: true);
        var assignments = new Dictionary<string, byte[]>();
        foreach (var member in from.Members.Values.Where(member => !leaving.Contains(member.MemberId)))
            Add(member, from.TargetOf(member.MemberId));
        if (joining is not null)
            Add(joining, from.TargetOf(leaving.First()));
        group.ChooseProtocol();
        records.Add(GroupRecords.GroupMetadata(group, assignments));
        foreach (var memberId in leaving.Concat(from.Members.Keys))
            CancelTimers(from.GroupId, memberId);
        context.Logger.GroupDowngraded(group.GroupId, group.MemberCount);
        classic.Adopt(group, rebalanceReason);
        return new CoordinatorResult(records) { ReplayRecords = false };

        void Add(ConsumerGroupMember member, Assignment target)
        {
            var metadata = member.ClassicMemberMetadata!;
            var assignment = ClassicMembers.Write(target, seen, metadata.SupportedProtocols[0].Metadata);
            assignments[member.MemberId] = assignment;
            group.Add(
                new ClassicGroupMember(
                    member.MemberId, member.InstanceId, member.ClientId, member.ClientHost, member.RebalanceTimeoutMs, metadata.SessionTimeoutMs,
                    ClassicGroup.ConsumerProtocolType, MemberProtocols.From(metadata), assignment),
                null);
        }
    }
}
