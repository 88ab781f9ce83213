using Barnabas.Client.Networking;

namespace Barnabas.Client.Admin;

/// <summary>A streams group with its topology and its members (KIP-1071).</summary>
public sealed record StreamsGroupDescription
{
    /// <summary>Its id.</summary>
    public required string GroupId { get; init; }

    /// <summary>Kafka's name of the state: <c>Stable</c>, <c>NotReady</c>, <c>Empty</c>, ...</summary>
    public required string State { get; init; }

    /// <summary>The coordinator.</summary>
    public required Node Coordinator { get; init; }

    /// <summary>The epoch of the group.</summary>
    public required int GroupEpoch { get; init; }

    /// <summary>The epoch of the target assignment.</summary>
    public required int TargetAssignmentEpoch { get; init; }

    /// <summary>The epoch of the topology, -1 without one.</summary>
    public required int TopologyEpoch { get; init; }

    /// <summary>The parts of the topology.</summary>
    public required IReadOnlyList<StreamsSubtopology> Subtopologies { get; init; }

    /// <summary>The members.</summary>
    public required IReadOnlyList<StreamsGroupMember> Members { get; init; }
}

/// <summary>A part of a topology.</summary>
/// <param name="SubtopologyId">Its id.</param>
/// <param name="SourceTopics">What it reads.</param>
/// <param name="RepartitionSourceTopics">What it reads that other parts wrote.</param>
/// <param name="StateChangelogTopics">Where its state is kept.</param>
public sealed record StreamsSubtopology(string SubtopologyId, IReadOnlyList<string> SourceTopics, IReadOnlyList<string> RepartitionSourceTopics, IReadOnlyList<string> StateChangelogTopics);

/// <summary>A member of a <see cref="StreamsGroupDescription"/>.</summary>
/// <param name="MemberId">Its id, which it made itself.</param>
/// <param name="MemberEpoch">Its epoch.</param>
/// <param name="ProcessId">The process that it is a thread of.</param>
/// <param name="ClientId">Its <c>client.id</c>.</param>
/// <param name="IsClassic">Whether it joined by the classic protocol.</param>
/// <param name="Assignment">The tasks that it has.</param>
/// <param name="TargetAssignment">The tasks that it shall have.</param>
public sealed record StreamsGroupMember(string MemberId, int MemberEpoch, string ProcessId, string ClientId, bool IsClassic, StreamsTasks Assignment, StreamsTasks TargetAssignment);

/// <summary>Tasks, as the partitions of each subtopology.</summary>
/// <param name="Active">Those that process records.</param>
/// <param name="Standby">Those that keep a copy of the state.</param>
/// <param name="Warmup">Those that make a copy of the state.</param>
public sealed record StreamsTasks(
    IReadOnlyList<(string SubtopologyId, IReadOnlyList<int> Partitions)> Active,
    IReadOnlyList<(string SubtopologyId, IReadOnlyList<int> Partitions)> Standby,
    IReadOnlyList<(string SubtopologyId, IReadOnlyList<int> Partitions)> Warmup);
