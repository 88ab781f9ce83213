using Barnabas.Coordination.Runtime;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

/// <summary>A member of a classic group. Its <see cref="ClassicGroup"/> alone changes it.</summary>
internal sealed class ClassicGroupMember(
    string memberId,
    string? groupInstanceId,
    string clientId,
    string clientHost,
    int rebalanceTimeoutMs,
    int sessionTimeoutMs,
    string protocolType,
    MemberProtocols protocols,
    byte[] assignment)
{
    public string MemberId { get; } = memberId;

    public string? GroupInstanceId { get; } = groupInstanceId;

    public string ClientId { get; } = clientId;

    public string ClientHost { get; } = clientHost;

    public string ProtocolType { get; } = protocolType;

    public int RebalanceTimeoutMs { get; set; } = rebalanceTimeoutMs;

    public int SessionTimeoutMs { get; set; } = sessionTimeoutMs;

    public MemberProtocols Protocols { get; set; } = protocols;

    public byte[] Assignment { get; set; } = assignment;

    /// <summary>Joined for the first time and not yet in a generation: it cannot send heartbeats, so its join may expire.</summary>
    public bool IsNew { get; set; }

    public ParkedReply<JoinGroupResponse>? AwaitingJoin { get; set; }

    public ParkedReply<SyncGroupResponse>? AwaitingSync { get; set; }

    public bool IsStatic => GroupInstanceId is not null;

    public bool IsAwaitingJoin => AwaitingJoin is not null;

    public bool IsAwaitingSync => AwaitingSync is not null;

    /// <summary>Whether an expired session is forgiven because the member waits for the group, not the group for it.</summary>
    public bool HasSatisfiedHeartbeat => !IsNew && (IsAwaitingJoin || IsAwaitingSync);

    /// <summary>The first of the member's protocols that is among <paramref name="candidates"/>.</summary>
    public string Vote(HashSet<string> candidates)
    {
        foreach (var name in Protocols.Names)
        {
            if (candidates.Contains(name))
                return name;
        }

        throw new InvalidOperationException($"Member {MemberId} does not support any of the candidate protocols.");
    }

    /// <summary>The metadata for <paramref name="protocol"/>, which the member must offer.</summary>
    public byte[] MetadataOf(string? protocol) =>
        Protocols.MetadataOf(protocol) ?? throw new InvalidOperationException($"Member {MemberId} does not support protocol {protocol}.");
}
