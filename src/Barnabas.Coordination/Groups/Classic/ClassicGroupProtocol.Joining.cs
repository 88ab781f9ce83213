using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroupProtocol
{
    /// <summary>The first version whose new dynamic members get an id to come back with (KIP-394).</summary>
    private const short KnownMemberIdVersion = 4;

    /// <summary>Handles a JoinGroup. The reply may be parked until the rebalance completes.</summary>
    public CoordinatorResult Join(GroupRequestContext requestContext, JoinGroupRequest request, ParkedReply<JoinGroupResponse> reply)
    {
        groups.TryGet(request.GroupId, out var existing);
        if (existing is not null and not ClassicGroup && !CanMakeWayForClassic(existing))
        {
            reply.TryComplete(JoinError(UnknownMemberId, ErrorCode.InconsistentGroupProtocol));
            return CoordinatorResult.Empty;
        }

        var isUnknownMember = request.MemberId.Length == 0;
        var isNewGroup = existing is not ClassicGroup;
        if (isNewGroup && !isUnknownMember)
        {
            reply.TryComplete(JoinError(request.MemberId, ErrorCode.UnknownMemberId));
            return CoordinatorResult.Empty;
        }

        var records = new List<CoordinatorRecord>();
        if (isNewGroup && existing is not null)
            MakeWayForClassic(existing, records);

        var group = groups.GetOrCreateClassic(request.GroupId);
        var join = new JoinAttempt(requestContext, request, MemberProtocols.From(request.Protocols), reply);
        CoordinatorResult result;
        if (!Accepts(group, request.MemberId))
        {
            group.Remove(request.MemberId);
            reply.TryComplete(JoinError(UnknownMemberId, ErrorCode.GroupMaxSizeReached));
            result = CoordinatorResult.Empty;
        }
        else
        {
            result = isUnknownMember ? JoinNewMember(group, join) : JoinExistingMember(group, join);
        }

        return isNewGroup && result.Records.Count == 0 ? StoreNewGroup(group, records, reply) : result;
    }

    private static bool CanMakeWayForClassic(Group group) =>
        group.IsEmpty && group.Type is (GroupType.Consumer or GroupType.Streams);

    /// <summary>An empty group of another protocol gives up its name.</summary>
    private void MakeWayForClassic(Group group, List<CoordinatorRecord> records)
    {
        group.AddTombstones(records);
        groups.Remove(group.GroupId);
        context.Logger.ConvertedToClassic(group.GroupId, GroupTypes.NameOf(group.Type));
    }

    /// <summary>A group that nothing else writes yet is written empty, so that its creation is committed or taken back.</summary>
    private CoordinatorResult StoreNewGroup(ClassicGroup group, List<CoordinatorRecord> records, ParkedReply<JoinGroupResponse> reply)
    {
        records.Add(GroupRecords.EmptyGroupMetadata(group));
        return new CoordinatorResult(records)
        {
            ReplayRecords = false,
            OnCommitted = failure =>
            {
                if (failure is null)
                    return;

                context.Logger.GroupNotStored(group.GroupId, failure.Message);
                reply.TryComplete(JoinError(UnknownMemberId, CoordinatorErrors.ToClientError(failure)));
            },
        };
    }

    private bool Accepts(ClassicGroup group, string memberId) => group.State switch
    {
        ClassicGroupState.Empty or ClassicGroupState.Dead => true,

        // Those who wait are counted, not the members: the size may be over a limit that was lowered, and the
        // last to rejoin are the ones who are sent away.
        ClassicGroupState.PreparingRebalance =>
            (group.TryGetMember(memberId, out var member) && member.IsAwaitingJoin) || group.AwaitingJoinCount < config.MaxGroupSize,
        _ => group.HasMember(memberId) || group.MemberCount < config.MaxGroupSize,
    };

    private CoordinatorResult JoinNewMember(ClassicGroup group, JoinAttempt join)
    {
        if (group.State == ClassicGroupState.Dead)
            return Refuse(join, UnknownMemberId, ErrorCode.CoordinatorNotAvailable);
        if (!group.SupportsProtocols(join.Request.ProtocolType, join.Protocols))
            return Refuse(join, UnknownMemberId, ErrorCode.InconsistentGroupProtocol);

        var memberId = group.GenerateMemberId(join.Context.ClientId, join.Request.GroupInstanceId);
        if (join.Request.GroupInstanceId is not { } instanceId)
            return JoinNewDynamicMember(group, join, memberId);

        if (group.TryGetStaticMemberId(instanceId, out var oldMemberId))
        {
            context.Logger.StaticMemberReplaced(group.GroupId, instanceId, memberId, oldMemberId);
            return ReplaceStaticMember(group, join, instanceId, oldMemberId, memberId);
        }

        return AddMember(group, join, memberId);
    }

    private CoordinatorResult JoinNewDynamicMember(ClassicGroup group, JoinAttempt join, string memberId)
    {
        if (join.Context.ApiVersion < KnownMemberIdVersion)
            return AddMember(group, join, memberId);

        context.Logger.MemberIdRequired(group.GroupId, group.StateName, memberId);
        group.AddPendingMember(memberId);
        Timer.Schedule(HeartbeatKey(group.GroupId, memberId), join.Request.SessionTimeoutMs, () => ExpireHeartbeat(group.GroupId, memberId));
        return Refuse(join, memberId, ErrorCode.MemberIdRequired);
    }

    private CoordinatorResult JoinExistingMember(ClassicGroup group, JoinAttempt join)
    {
        var memberId = join.Request.MemberId;
        if (group.State == ClassicGroupState.Dead)
            return Refuse(join, memberId, ErrorCode.CoordinatorNotAvailable);
        if (!group.SupportsProtocols(join.Request.ProtocolType, join.Protocols))
            return Refuse(join, memberId, ErrorCode.InconsistentGroupProtocol);

        if (group.IsPendingMember(memberId))
        {
            // Ids are made for dynamic members only; a static one that uses such an id is not who it says.
            return join.Request.GroupInstanceId is null
                ? AddMember(group, join, memberId)
                : Refuse(join, memberId, ErrorCode.UnknownMemberId);
        }

        var error = group.CheckMember(memberId, join.Request.GroupInstanceId, "join-group");
        if (error != ErrorCode.None)
        {
            join.Reply.TryComplete(new JoinGroupResponse { MemberId = memberId, ProtocolName = null, ErrorCode = error });
            return CoordinatorResult.Empty;
        }

        var member = group.Member(memberId);
        switch (group.State)
        {
            case ClassicGroupState.PreparingRebalance:
                return UpdateMember(group, member, join, $"member {memberId} joins during a rebalance");
            case ClassicGroupState.Stable when group.IsLeader(memberId):
                // What the leader assigns may have changed without its own metadata changing: partitions of a topic.
                return UpdateMember(group, member, join, $"leader {memberId} rejoins");
            case ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance when !member.Protocols.Matches(join.Protocols):
                return UpdateMember(group, member, join, $"member {memberId} changed its metadata");
            case ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance:
                // It may have missed the first answer.
                join.Reply.TryComplete(CurrentGeneration(group, memberId));
                return CoordinatorResult.Empty;
            default:
                return Refuse(join, memberId, ErrorCode.UnknownMemberId);
        }
    }

    private CoordinatorResult AddMember(ClassicGroup group, JoinAttempt join, string memberId)
    {
        context.Logger.MemberJoins(group.GroupId, memberId, group.StateName);
        var member = new ClassicGroupMember(
            memberId, join.Request.GroupInstanceId, join.Context.ClientId, join.Context.ClientHost,
            join.RebalanceTimeoutMs, join.Request.SessionTimeoutMs, join.Request.ProtocolType, join.Protocols, [])
        {
            IsNew = true,
        };
        if (group.State == ClassicGroupState.PreparingRebalance && group.PreviousState == ClassicGroupState.Empty)
            group.NewMemberAdded = true;
        group.Add(member, join.Reply);

        // A new member does not know its id before the answer, so it sends no heartbeats and a lost connection goes
        // unseen: without this limit every retry of its client would leave a dead member behind.
        RescheduleHeartbeat(group, member, config.NewMemberJoinTimeoutMs);
        return RebalanceOrCompleteJoin(group, $"new member {memberId}, group instance id {join.Request.GroupInstanceId ?? "null"}; client reason: {join.Reason}");
    }

    private CoordinatorResult UpdateMember(ClassicGroup group, ClassicGroupMember member, JoinAttempt join, string reason)
    {
        group.UpdateMember(member, join.Protocols, join.RebalanceTimeoutMs, join.Request.SessionTimeoutMs, join.Reply);
        return RebalanceOrCompleteJoin(group, $"{reason}; client reason: {join.Reason}");
    }

    private static CoordinatorResult Refuse(JoinAttempt join, string memberId, ErrorCode error)
    {
        join.Reply.TryComplete(JoinError(memberId, error));
        return CoordinatorResult.Empty;
    }

    private static JoinGroupResponse JoinError(string memberId, ErrorCode error) => new() { MemberId = memberId, ErrorCode = error };

    /// <summary>What a member is told of the generation: the leader also all members with their metadata.</summary>
    private static JoinGroupResponse CurrentGeneration(ClassicGroup group, string memberId)
    {
        var response = new JoinGroupResponse
        {
            MemberId = memberId,
            GenerationId = group.GenerationId,
            ProtocolType = group.ProtocolType,
            ProtocolName = group.ProtocolName,
            Leader = group.LeaderId ?? "",
        };
        if (group.IsLeader(memberId) && group.State == ClassicGroupState.CompletingRebalance)
            AddMembers(group, response);
        return response;
    }

    private static void AddMembers(ClassicGroup group, JoinGroupResponse response)
    {
        foreach (var member in group.Members)
        {
            response.Members.Add(new JoinGroupResponse.JoinGroupResponseMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                Metadata = member.MetadataOf(group.ProtocolName),
            });
        }
    }

    private sealed record JoinAttempt(
        GroupRequestContext Context, JoinGroupRequest Request, MemberProtocols Protocols, ParkedReply<JoinGroupResponse> Reply)
    {
        /// <summary>Version 0 has no rebalance time-out: the session's is used.</summary>
        public int RebalanceTimeoutMs => Context.ApiVersion == 0 ? Request.SessionTimeoutMs : Request.RebalanceTimeoutMs;

        public string Reason => string.IsNullOrEmpty(Request.Reason) ? "not provided" : Request.Reason;
    }
}
