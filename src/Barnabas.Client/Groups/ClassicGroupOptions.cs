namespace Barnabas.Client.Groups;

/// <summary>What a <see cref="ClassicGroupMember"/> needs to know.</summary>
public sealed record ClassicGroupOptions
{
    /// <summary><c>group.id</c>.</summary>
    public required string GroupId { get; init; }

    /// <summary><c>group.instance.id</c> of a static member (KIP-345); null for a dynamic one.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary><c>session.timeout.ms</c>: without heartbeats for as long, the coordinator drops the member.</summary>
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>How long the coordinator waits for this member to join again.</summary>
    public required TimeSpan RebalanceTimeout { get; init; }

    /// <summary><c>heartbeat.interval.ms</c>.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }
}
