using System.Diagnostics.CodeAnalysis;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroup
{
    private readonly Dictionary<string, ClassicGroupMember> _members = [];
    private readonly Dictionary<string, string> _staticMembers = [];
    private readonly HashSet<string> _pendingJoinMembers = [];
    private readonly HashSet<string> _pendingSyncMembers = [];

    public IReadOnlyCollection<ClassicGroupMember> Members => _members.Values;

    public int MemberCount => _members.Count;

    public int StaticMemberCount => _staticMembers.Count;

    public int AwaitingJoinCount { get; private set; }

    public int PendingJoinCount => _pendingJoinMembers.Count;

    public IReadOnlyCollection<string> PendingSyncMembers => _pendingSyncMembers;

    public bool HasAllMembersJoined => _members.Count == AwaitingJoinCount && _pendingJoinMembers.Count == 0;

    /// <summary>The longest rebalance time-out of the members, in milliseconds.</summary>
    public int RebalanceTimeoutMs
    {
        get
        {
            var longest = 0;
            foreach (var member in _members.Values)
                longest = Math.Max(longest, member.RebalanceTimeoutMs);
            return longest;
        }
    }

    public bool HasMember(string memberId) => _members.ContainsKey(memberId);

    public bool TryGetMember(string memberId, [NotNullWhen(true)] out ClassicGroupMember? member) => _members.TryGetValue(memberId, out member);

    public ClassicGroupMember Member(string memberId) => _members[memberId];

    public bool IsLeader(string memberId) => LeaderId == memberId;

    public bool TryGetStaticMemberId(string groupInstanceId, [NotNullWhen(true)] out string? memberId) => _staticMembers.TryGetValue(groupInstanceId, out memberId);

    public bool IsPendingMember(string memberId) => _pendingJoinMembers.Contains(memberId);

    public void AddPendingMember(string memberId) => _pendingJoinMembers.Add(memberId);

    public void AddPendingSyncMember(string memberId) => _pendingSyncMembers.Add(memberId);

    public void RemovePendingSyncMember(string memberId) => _pendingSyncMembers.Remove(memberId);

    public void ClearPendingSyncMembers() => _pendingSyncMembers.Clear();

    public string GenerateMemberId(string clientId, string? groupInstanceId) =>
        $"{groupInstanceId ?? clientId}-{NewUuid()}";

    /// <summary>Adds a member whose join waits for <paramref name="reply"/>, or which a record tells of. The first member leads and gives the group its protocol type.</summary>
    public void Add(ClassicGroupMember member, ParkedReply<JoinGroupResponse>? reply)
    {
        if (member.GroupInstanceId is { } instanceId && !_staticMembers.TryAdd(instanceId, member.MemberId))
            throw new InvalidOperationException($"Static member {instanceId} is already a member of group {GroupId}.");

        if (_members.Count == 0)
            ProtocolType = member.ProtocolType;
        if (!SupportsProtocols(member.ProtocolType, member.Protocols))
            throw new InvalidOperationException($"None of the protocols of member {member.MemberId} is supported by group {GroupId}.");

        LeaderId ??= member.MemberId;
        _members.Add(member.MemberId, member);
        CountProtocols(member.Protocols, 1);
        SetAwaitingJoin(member, reply);
        _pendingJoinMembers.Remove(member.MemberId);
    }

    /// <summary>Removes a member or a pending one; if it led, another leads.</summary>
    public void Remove(string memberId)
    {
        if (_members.Remove(memberId, out var member))
        {
            CountProtocols(member.Protocols, -1);
            SetAwaitingJoin(member, null);
            if (member.GroupInstanceId is { } instanceId)
                _staticMembers.Remove(instanceId);
        }

        if (IsLeader(memberId))
            LeaderId = FirstMemberId();
        _pendingJoinMembers.Remove(memberId);
        _pendingSyncMembers.Remove(memberId);
    }

    /// <summary>Makes sure that a member who joined leads.</summary>
    /// <returns>False if nobody joined.</returns>
    public bool MaybeElectNewJoinedLeader()
    {
        if (LeaderId is null || !_members.TryGetValue(LeaderId, out var leader))
            return false;
        if (leader.IsAwaitingJoin)
            return true;

        foreach (var member in _members.Values)
        {
            if (!member.IsAwaitingJoin)
                continue;

            LeaderId = member.MemberId;
            _context.Logger.LeaderReplaced(GroupId, leader.MemberId, member.MemberId);
            return true;
        }

        return false;
    }

    /// <summary>Gives the place of a static member to a new member id, and fences whoever still waits under the old one.</summary>
    public ClassicGroupMember ReplaceStaticMember(string groupInstanceId, string oldMemberId, string newMemberId)
    {
        if (!_members.Remove(oldMemberId, out var old))
            throw new InvalidOperationException($"Group {GroupId} has no member {oldMemberId} to replace.");

        CompleteJoin(old, new JoinGroupResponse { MemberId = oldMemberId, ProtocolName = null, ErrorCode = ErrorCode.FencedInstanceId });
        CompleteSync(old, new SyncGroupResponse { ErrorCode = ErrorCode.FencedInstanceId });

        var replacement = new ClassicGroupMember(
            newMemberId, old.GroupInstanceId, old.ClientId, old.ClientHost, old.RebalanceTimeoutMs,
            old.SessionTimeoutMs, old.ProtocolType, old.Protocols, old.Assignment);
        _members.Add(newMemberId, replacement);
        if (IsLeader(oldMemberId))
            LeaderId = newMemberId;
        _staticMembers[groupInstanceId] = newMemberId;
        if (_pendingSyncMembers.Remove(oldMemberId))
            _pendingSyncMembers.Add(newMemberId);
        return replacement;
    }

    public void UpdateMember(ClassicGroupMember member, MemberProtocols protocols, int rebalanceTimeoutMs, int sessionTimeoutMs, ParkedReply<JoinGroupResponse>? reply)
    {
        CountProtocols(member.Protocols, -1);
        member.Protocols = protocols;
        CountProtocols(protocols, 1);
        member.RebalanceTimeoutMs = rebalanceTimeoutMs;
        member.SessionTimeoutMs = sessionTimeoutMs;
        SetAwaitingJoin(member, reply);
    }

    /// <summary>Answers the member's parked join, if it has one.</summary>
    public bool CompleteJoin(ClassicGroupMember member, JoinGroupResponse response)
    {
        if (member.AwaitingJoin is not { } reply)
            return false;

        SetAwaitingJoin(member, null);
        reply.TryComplete(response);
        return true;
    }

    /// <summary>Answers the member's parked sync, if it has one.</summary>
    public static bool CompleteSync(ClassicGroupMember member, SyncGroupResponse response)
    {
        if (member.AwaitingSync is not { } reply)
            return false;

        member.AwaitingSync = null;
        reply.TryComplete(response);
        return true;
    }

    private void SetAwaitingJoin(ClassicGroupMember member, ParkedReply<JoinGroupResponse>? reply)
    {
        if (member.IsAwaitingJoin)
            AwaitingJoinCount--;

        // A client that sends a second join has given up on the first one; it is told to try again.
        if (reply is not null && member.AwaitingJoin is { } earlier && !ReferenceEquals(earlier, reply))
            earlier.TryComplete(new JoinGroupResponse { MemberId = member.MemberId, ErrorCode = ErrorCode.RebalanceInProgress });

        member.AwaitingJoin = reply;
        if (member.IsAwaitingJoin)
            AwaitingJoinCount++;
    }

    private string? FirstMemberId()
    {
        foreach (var memberId in _members.Keys)
            return memberId;
        return null;
    }

    /// <summary>A random UUID in the hyphenated form of Kafka's member ids.</summary>
    private string NewUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _context.Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
