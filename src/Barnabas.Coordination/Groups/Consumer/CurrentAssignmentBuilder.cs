using System.Collections.Immutable;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>
/// Takes one member a step towards its target assignment: first it gives up what is no longer its own, then it moves to
/// the target epoch, then it gets what others have given up (KIP-848, the reconciliation of a group). Pure.
/// </summary>
/// <param name="targetEpoch">The epoch of the target assignment.</param>
/// <param name="assigned">The member's target assignment.</param>
/// <param name="subscribed">The topics the member subscribes to now; the target may be older than a change of them.</param>
/// <param name="epochOfOwner">The epoch in which some member owns a partition, or -1 for a partition that is free.</param>
/// <param name="owned">The partitions the member says it owns, or null where it did not say.</param>
internal sealed class CurrentAssignmentBuilder(
    int targetEpoch, Assignment assigned, IReadOnlySet<Uuid> subscribed, Func<Uuid, int, int> epochOfOwner, Assignment? owned)
{
    private readonly Assignment _target = Subscribed(assigned, subscribed);

    /// <summary>The member after the step; the same instance where there is none to take.</summary>
    /// <exception cref="KafkaException">FENCED_MEMBER_EPOCH: the member's state is not known here; it must rejoin with nothing.</exception>
    public ConsumerGroupMember Build(ConsumerGroupMember member) => member.State switch
    {
        MemberState.Stable when member.MemberEpoch == targetEpoch && member.AssignedPartitions.Equals(_target) => member,
        MemberState.Stable => Advance(member, member.MemberEpoch),
        MemberState.UnrevokedPartitions when StillOwnsAny(member.PartitionsPendingRevocation) => Unsubscribe(member),
        // What was to be given up is given up: the member may leave its epoch.
        MemberState.UnrevokedPartitions => Advance(member, member.MemberEpoch + 1),
        MemberState.UnreleasedPartitions => Advance(member, member.MemberEpoch),
        _ when owned is { IsEmpty: true } => Advance(member, targetEpoch),
        _ => throw new KafkaException(ErrorCode.FencedMemberEpoch, "The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin."),
    };

    private ConsumerGroupMember Advance(ConsumerGroupMember member, int memberEpoch)
    {
        var next = ImmutableDictionary.CreateBuilder<Uuid, ImmutableSortedSet<int>>();
        var revoked = ImmutableDictionary.CreateBuilder<Uuid, ImmutableSortedSet<int>>();
        var added = ImmutableDictionary.CreateBuilder<Uuid, ImmutableSortedSet<int>>();
        var waits = false;
        foreach (var topicId in _target.Partitions.Keys.Union(member.AssignedPartitions.Partitions.Keys))
        {
            var kept = member.AssignedPartitions[topicId].Intersect(_target[topicId]);
            var wanted = _target[topicId].Except(kept);
            var free = wanted.Where(partition => epochOfOwner(topicId, partition) == -1).ToImmutableSortedSet();
            waits |= free.Count < wanted.Count;
            next[topicId] = kept;
            revoked[topicId] = member.AssignedPartitions[topicId].Except(kept);
            added[topicId] = free;
        }

        var keptPartitions = Assignment.Of(next);
        var revokedPartitions = Assignment.Of(revoked);
        if (!revokedPartitions.IsEmpty && StillOwnsAny(revokedPartitions))
            return member.MoveTo(memberEpoch).Put(keptPartitions, revokedPartitions, targetEpoch) with { State = MemberState.UnrevokedPartitions };

        foreach (var (topicId, partitions) in added)
            next[topicId] = next[topicId].Union(partitions);
        return member.MoveTo(targetEpoch).Put(Assignment.Of(next), Assignment.Empty, targetEpoch) with { State = waits ? MemberState.UnreleasedPartitions : MemberState.Stable };
    }

    /// <summary>While it still gives up partitions, a member may unsubscribe from more.</summary>
    private ConsumerGroupMember Unsubscribe(ConsumerGroupMember member)
    {
        var kept = Subscribed(member.AssignedPartitions, subscribed);
        return kept.Equals(member.AssignedPartitions)
            ? member
            : member.Put(
                kept,
                member.PartitionsPendingRevocation.Union(Assignment.Of(member.AssignedPartitions.Partitions.Where(topic => !subscribed.Contains(topic.Key)))),
                targetEpoch);
    }

    private static Assignment Subscribed(Assignment all, IReadOnlySet<Uuid> subscribed) =>
        Assignment.Of(all.Partitions.Where(topic => subscribed.Contains(topic.Key)));

    /// <summary>A member that does not say what it owns is taken to own all it had.</summary>
    private bool StillOwnsAny(Assignment partitions) =>
        owned is null || partitions.Partitions.Any(topic => owned[topic.Key].Overlaps(topic.Value));
}
