using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>One member of a KIP-848 group as its records say. Immutable; a change is a new member.</summary>
internal sealed record ConsumerGroupMember(string MemberId)
{
    public int MemberEpoch { get; init; }

    /// <summary>The epoch before, in which a member that missed a reply may still ask.</summary>
    public int PreviousMemberEpoch { get; init; } = -1;

    public MemberState State { get; init; } = MemberState.Stable;

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>How long the member may take to give up partitions, in milliseconds.</summary>
    public int RebalanceTimeoutMs { get; init; } = -1;

    public ImmutableSortedSet<string> SubscribedTopicNames { get; init; } = [];

    /// <summary>The RE2J pattern the member subscribes by, or null.</summary>
    public string? SubscribedTopicRegex { get; init; }

    /// <summary>The server-side assignor the member prefers, or null.</summary>
    public string? ServerAssignorName { get; init; }

    public Assignment AssignedPartitions { get; init; } = Assignment.Empty;

    public Assignment PartitionsPendingRevocation { get; init; } = Assignment.Empty;

    /// <summary>The epoch in which the member got each partition that it has or is to give up (KIP-1251).</summary>
    public ImmutableDictionary<(Uuid TopicId, int Partition), int> AssignmentEpochs { get; init; } = ImmutableDictionary<(Uuid TopicId, int Partition), int>.Empty;

    /// <summary>What a member that still speaks the classic protocol said when it joined, or null for one that speaks KIP-848.</summary>
    public ConsumerGroupMemberMetadataValue.ClassicMemberMetadataData? ClassicMemberMetadata { get; init; }

    /// <summary>Whether no assignment was ever written for it.</summary>
    public bool IsNew => MemberEpoch == 0 && PreviousMemberEpoch == -1;

    public bool UsesClassicProtocol => ClassicMemberMetadata is not null;

    /// <summary>Whether the member is stable in <paramref name="targetEpoch"/>.</summary>
    public bool IsReconciledTo(int targetEpoch) => State == MemberState.Stable && MemberEpoch == targetEpoch;

    /// <summary>The member with other partitions; those it did not have before are its own since <paramref name="epoch"/>.</summary>
    public ConsumerGroupMember Put(Assignment assigned, Assignment pendingRevocation, int epoch) => this with
    {
        AssignedPartitions = assigned,
        PartitionsPendingRevocation = pendingRevocation,
        AssignmentEpochs = assigned.Union(pendingRevocation).All.ToImmutableDictionary(one => one, one => AssignmentEpochs.GetValueOrDefault(one, epoch)),
    };

    /// <summary>The member in another epoch; the present one becomes the previous.</summary>
    public ConsumerGroupMember MoveTo(int memberEpoch) =>
        memberEpoch == MemberEpoch ? this : this with { PreviousMemberEpoch = MemberEpoch, MemberEpoch = memberEpoch };
}
