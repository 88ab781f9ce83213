using System.Collections.Immutable;
using Barnabas.Coordination.Groups.Consumer;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>One member of a streams group as its records say. Immutable; a change is a new member.</summary>
internal sealed record StreamsGroupMember(string MemberId)
{
    public int MemberEpoch { get; init; }

    /// <summary>The epoch before, in which a member that missed a reply may still ask.</summary>
    public int PreviousMemberEpoch { get; init; } = -1;

    public MemberState State { get; init; } = MemberState.Stable;

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>How long the member may take to give up tasks, in milliseconds.</summary>
    public int RebalanceTimeoutMs { get; init; } = -1;

    public int TopologyEpoch { get; init; }

    /// <summary>The process the member runs in: its members share local state.</summary>
    public string ProcessId { get; init; } = "";

    /// <summary>Where the application answers interactive queries, or null.</summary>
    public (string Host, ushort Port)? UserEndpoint { get; init; }

    public ImmutableSortedDictionary<string, string> ClientTags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public MemberTasks Assigned { get; init; } = MemberTasks.Empty;

    public MemberTasks PendingRevocation { get; init; } = MemberTasks.Empty;

    /// <summary>The epoch in which each active task was assigned.</summary>
    public ImmutableDictionary<StreamsTask, int> AssignmentEpochs { get; init; } = ImmutableDictionary<StreamsTask, int>.Empty;

    public bool IsReconciledTo(int targetEpoch) => State == MemberState.Stable && MemberEpoch == targetEpoch;

    /// <summary>The member in another epoch; the present one becomes the previous.</summary>
    public StreamsGroupMember MoveTo(int memberEpoch) =>
        memberEpoch == MemberEpoch ? this : this with { PreviousMemberEpoch = MemberEpoch, MemberEpoch = memberEpoch };

    public bool SameMetadata(StreamsGroupMember other) =>
        InstanceId == other.InstanceId && RackId == other.RackId && ClientId == other.ClientId && ClientHost == other.ClientHost && RebalanceTimeoutMs == other.RebalanceTimeoutMs
        && TopologyEpoch == other.TopologyEpoch && ProcessId == other.ProcessId && UserEndpoint == other.UserEndpoint && ClientTags.SequenceEqual(other.ClientTags);
}
