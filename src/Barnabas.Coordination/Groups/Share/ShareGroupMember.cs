using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;

namespace Barnabas.Coordination.Groups.Share;

/// <summary>One member of a share group as its records say. Immutable; a change is a new member.</summary>
internal sealed record ShareGroupMember(string MemberId)
{
    public int MemberEpoch { get; init; }

    /// <summary>The epoch before, in which a member that missed a reply may still ask.</summary>
    public int PreviousMemberEpoch { get; init; } = -1;

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    public ImmutableSortedSet<string> SubscribedTopicNames { get; init; } = [];

    public Assignment AssignedPartitions { get; init; } = Assignment.Empty;

    public bool SameMetadata(ShareGroupMember other) =>
        SameSubscription(other) && RackId == other.RackId && ClientId == other.ClientId && ClientHost == other.ClientHost;

    public bool SameSubscription(ShareGroupMember other) => SubscribedTopicNames.SetEquals(other.SubscribedTopicNames);

    /// <summary>The member in another epoch; the present one becomes the previous.</summary>
    public ShareGroupMember MoveTo(int memberEpoch) =>
        memberEpoch == MemberEpoch ? this : this with { PreviousMemberEpoch = MemberEpoch, MemberEpoch = memberEpoch };
}
