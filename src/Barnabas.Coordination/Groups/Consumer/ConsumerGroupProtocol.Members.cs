using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

internal sealed partial class ConsumerGroupProtocol
{
    /// <summary>The member that sent the heartbeat, a new one where it joins.</summary>
    /// <exception cref="KafkaException">It is none, its epoch is not one it may have, or another has its place.</exception>
    private ConsumerGroupMember FindMember(ConsumerGroup group, ConsumerGroupHeartbeatRequest heartbeat, ConsumerGroupChange change)
    {
        var joins = heartbeat.MemberEpoch == 0;
        var memberId = heartbeat.MemberId.Length > 0 ? heartbeat.MemberId : Uuid.Random(context.Random).ToString();
        var member = heartbeat.InstanceId is { } instanceId
            ? FindStaticMember(group, heartbeat, memberId, instanceId, change)
            : group.Members.GetValueOrDefault(memberId);
        if (member is not null)
        {
            if (!joins)
                CheckEpoch(member, heartbeat);
            return member;
        }

        if (!joins)
            throw new KafkaException(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {group.GroupId}.");
        if (group.Members.Count >= config.MaxSize)
            throw new KafkaException(ErrorCode.GroupMaxSizeReached, $"The consumer group has reached its maximum capacity of {config.MaxSize} members.");

        context.Logger.ConsumerMemberJoins(group.GroupId, memberId, heartbeat.InstanceId);
        return new ConsumerGroupMember(memberId);
    }

    private ConsumerGroupMember? FindStaticMember(ConsumerGroup group, ConsumerGroupHeartbeatRequest heartbeat, string memberId, string instanceId, ConsumerGroupChange change)
    {
        var existing = group.FindStatic(instanceId);
        if (heartbeat.MemberEpoch != 0)
            return CheckStatic(group, existing, memberId, instanceId);
        if (existing is null || existing.MemberId == memberId)
            return existing;
        if (existing.MemberEpoch != ConsumerGroupHeartbeatValidator.LeaveStaticEpoch && !existing.UsesClassicProtocol)
        {
            throw new KafkaException(ErrorCode.UnreleasedInstanceId,
                $"Static member {memberId} with instance id {instanceId} cannot join group {group.GroupId} because another static member {existing.MemberId} is using the instance id.");
        }

        return ReplaceStatic(group, existing, memberId, memberEpoch: 0, change);
    }

    /// <summary>A static member is back under another id: what it had waits for it.</summary>
    private ConsumerGroupMember ReplaceStatic(ConsumerGroup group, ConsumerGroupMember existing, string memberId, int memberEpoch, ConsumerGroupChange change)
    {
        CancelTimers(group.GroupId, existing.MemberId);
        change.RemoveMember(existing.MemberId);
        var successor = existing with { MemberId = memberId, MemberEpoch = memberEpoch, PreviousMemberEpoch = 0, State = MemberState.Stable };
        change.PutMember(successor);
        change.PutTarget(memberId, group.TargetOf(existing.MemberId));
        change.PutCurrent(successor);
        context.Logger.StaticMemberReplaced(group.GroupId, existing.InstanceId!, memberId, existing.MemberId);
        return successor;
    }

    private static ConsumerGroupMember CheckStatic(ConsumerGroup group, ConsumerGroupMember? existing, string memberId, string instanceId)
    {
        if (existing is null)
            throw new KafkaException(ErrorCode.UnknownMemberId, $"Instance id {instanceId} is unknown.");
        if (existing.MemberId != memberId)
        {
            throw new KafkaException(ErrorCode.FencedInstanceId,
                $"Static member {memberId} with instance id {instanceId} was fenced by member {existing.MemberId} of group {group.GroupId}.");
        }

        return existing;
    }

    /// <summary>A member may be one epoch behind where the last reply was lost, as long as it owns nothing that is not its own.</summary>
    private static void CheckEpoch(ConsumerGroupMember member, ConsumerGroupHeartbeatRequest heartbeat)
    {
        var received = heartbeat.MemberEpoch;
        if (received > member.MemberEpoch)
        {
            throw Fenced($"The consumer group member has a greater member epoch ({received}) than the one known by the group coordinator ({member.MemberEpoch}). The member must abandon all its partitions and rejoin.");
        }

        if (received < member.MemberEpoch && (received != member.PreviousMemberEpoch || !OwnsOnlyItsOwn(member, heartbeat.TopicPartitions)))
        {
            throw Fenced($"The consumer group member has a smaller member epoch ({received}) than the one known by the group coordinator ({member.MemberEpoch}). The member must abandon all its partitions and rejoin.");
        }
    }

    private static bool OwnsOnlyItsOwn(ConsumerGroupMember member, List<ConsumerGroupHeartbeatRequest.TopicPartitionsData>? owned) =>
        owned is not null && owned.TrueForAll(topic => topic.Partitions.TrueForAll(partition => member.AssignedPartitions.Contains(topic.TopicId, partition)));

    private static KafkaException Fenced(string message) => new(ErrorCode.FencedMemberEpoch, message);
}
