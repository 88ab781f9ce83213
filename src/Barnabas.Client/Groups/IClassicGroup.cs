using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Groups;

/// <summary>What a kind of group (consumers, Connect's workers) adds to the classic protocol. Called by <see cref="ClassicGroupMember"/>, from its joins and heartbeats.</summary>
public interface IClassicGroup
{
    /// <summary>The protocol type, as <c>consumer</c> or <c>connect</c>.</summary>
    string ProtocolType { get; }

    /// <summary>The protocols that this member speaks, the best first, with what it has to say; called before each JoinGroup.</summary>
    IReadOnlyList<KeyValuePair<string, byte[]>> Protocols(Generation current);

    /// <summary>This member leads: what every member gets, by member id.</summary>
    ValueTask<IReadOnlyDictionary<string, byte[]>> AssignAsync(JoinGroupResponse joined, CancellationToken cancellationToken);

    /// <summary>Another member leads.</summary>
    void OnFollowing();

    /// <summary>Whether the member has stopped to do its work and has to leave; asked before each heartbeat.</summary>
    bool IsOverdue();

    /// <summary>The member has to join again.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="wasLost">Whether what it held may be another member's now.</param>
    void OnRejoinNeeded(string reason, bool wasLost);

    /// <summary>The coordinator refuses it for good.</summary>
    void OnFailed(Exception error);
}
