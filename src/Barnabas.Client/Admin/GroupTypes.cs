using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Admin;

/// <summary>A group in a list.</summary>
/// <param name="GroupId">Its id.</param>
/// <param name="ProtocolType"><c>consumer</c>, <c>connect</c>, ...; empty for a group that never had members.</param>
/// <param name="State">Kafka's name of the state, null when the node does not say.</param>
/// <param name="Type"><c>classic</c>, <c>consumer</c>, <c>share</c> or <c>streams</c>, null when the node does not say.</param>
public sealed record GroupListing(string GroupId, string ProtocolType, string? State, string? Type)
{
    /// <summary>A classic group without members that only holds committed offsets.</summary>
    public bool IsSimpleConsumerGroup => ProtocolType.Length == 0 && Type is null or "classic";
}

/// <summary>A group with its members.</summary>
public sealed record GroupDescription
{
    /// <summary>Its id.</summary>
    public required string GroupId { get; init; }

    /// <summary><c>classic</c> or <c>consumer</c> (KIP-848).</summary>
    public required string Type { get; init; }

    /// <summary>Kafka's name of the state: <c>Stable</c>, <c>Empty</c>, <c>Dead</c>, ...</summary>
    public required string State { get; init; }

    /// <summary>What the members speak among themselves; <c>consumer</c> for consumers.</summary>
    public required string ProtocolType { get; init; }

    /// <summary>The assignor; empty without members.</summary>
    public required string Assignor { get; init; }

    /// <summary>The coordinator.</summary>
    public required Node Coordinator { get; init; }

    /// <summary>The members.</summary>
    public required IReadOnlyList<GroupMember> Members { get; init; }

    /// <summary>The epoch of the group, null for classic groups.</summary>
    public int? GroupEpoch { get; init; }

    /// <summary>The epoch of the target assignment, null for classic groups.</summary>
    public int? TargetAssignmentEpoch { get; init; }

    /// <summary>A bit per operation we may do, or int.MinValue when it was not asked for.</summary>
    public int AuthorizedOperations { get; init; } = int.MinValue;

    /// <summary>A classic group without members that only holds committed offsets.</summary>
    public bool IsSimpleConsumerGroup => Type == "classic" && ProtocolType.Length == 0;
}

/// <summary>A member of a <see cref="GroupDescription"/>.</summary>
public sealed record GroupMember
{
    /// <summary>Given by the coordinator (classic) or by the member itself.</summary>
    public required string MemberId { get; init; }

    /// <summary><c>group.instance.id</c> of a static member.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>The rack the member says it is in.</summary>
    public string? RackId { get; init; }

    /// <summary>The member's <c>client.id</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>The member's address.</summary>
    public required string Host { get; init; }

    /// <summary>What it reads.</summary>
    public required IReadOnlyList<TopicPartition> Assignment { get; init; }

    /// <summary>What it shall read, null for classic groups.</summary>
    public IReadOnlyList<TopicPartition>? TargetAssignment { get; init; }

    /// <summary>The member's epoch, null for classic groups.</summary>
    public int? MemberEpoch { get; init; }

    /// <summary>Whether it joined a consumer group by the classic protocol, null when not known.</summary>
    public bool? IsClassic { get; init; }
}

/// <summary>A committed offset.</summary>
/// <param name="Offset">The offset of the next record to read.</param>
/// <param name="LeaderEpoch">The epoch of the record read last, -1 when not known.</param>
/// <param name="Metadata">What the committer noted with it.</param>
public sealed record OffsetAndMetadata(long Offset, int LeaderEpoch = -1, string Metadata = "");
