using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroupProtocol
{
    /// <summary>Handles a SyncGroup: the leader brings the assignment, the others wait for it.</summary>
    public CoordinatorResult Sync(SyncGroupRequest request, ParkedReply<SyncGroupResponse> reply)
    {
        if (!groups.TryGetClassic(request.GroupId, out var group) || group.IsEmpty)
            return Refuse(reply, ErrorCode.UnknownMemberId);

        var error = CheckSync(group, request);
        if (error != ErrorCode.None)
            return Refuse(reply, error);

        var member = group.Member(request.MemberId);
        switch (group.State)
        {
            case ClassicGroupState.PreparingRebalance:
                return Refuse(reply, ErrorCode.RebalanceInProgress);
            case ClassicGroupState.CompletingRebalance:
                ClassicGroup.CompleteSync(member, new SyncGroupResponse { ErrorCode = ErrorCode.RebalanceInProgress });
                member.AwaitingSync = reply;
                NoteSynced(group, request.MemberId);
                return group.IsLeader(request.MemberId) ? StoreAssignment(group, request) : CoordinatorResult.Empty;
            default:
                NoteSynced(group, request.MemberId);
                reply.TryComplete(new SyncGroupResponse
                {
                    ProtocolType = group.ProtocolType,
                    ProtocolName = group.ProtocolName,
                    Assignment = member.Assignment,
                });
                return CoordinatorResult.Empty;
        }
    }

    private CoordinatorResult StoreAssignment(ClassicGroup group, SyncGroupRequest request)
    {
        context.Logger.AssignmentReceived(group.GroupId, request.MemberId, group.GenerationId, group.MemberCount, group.StaticMemberCount);
        var assignments = new Dictionary<string, byte[]>();
        foreach (var assignment in request.Assignments)
            assignments[assignment.MemberId] = assignment.Assignment.ToArray();

        var generationId = group.GenerationId;
        return new CoordinatorResult([GroupRecords.GroupMetadata(group, assignments)])
        {
            ReplayRecords = false,
            OnCommitted = failure =>
            {
                // Another rebalance may have begun while the record was on its way.
                if (group.State != ClassicGroupState.CompletingRebalance || group.GenerationId != generationId)
                    return;

                if (failure is null)
                    PropagateAssignment(group, assignments);
                else
                    AbandonAssignment(group, failure);
            },
        };
    }

    private void PropagateAssignment(ClassicGroup group, Dictionary<string, byte[]> assignments)
    {
        foreach (var member in group.Members)
            member.Assignment = assignments.GetValueOrDefault(member.MemberId, []);
        AnswerSyncs(group, ErrorCode.None);
        group.TransitionTo(ClassicGroupState.Stable);
    }

    private void AbandonAssignment(ClassicGroup group, KafkaException failure)
    {
        context.Logger.AssignmentNotStored(group.GroupId, group.GenerationId, failure.Message);
        ResetAssignments(group, CoordinatorErrors.ToClientError(failure));
        PrepareRebalance(group, "the assignment could not be stored");
    }

    private void NoteSynced(ClassicGroup group, string memberId)
    {
        group.RemovePendingSyncMember(memberId);
        if (group.PendingSyncMembers.Count == 0)
            Timer.Cancel(SyncKey(group.GroupId));
    }

    private static ErrorCode CheckSync(ClassicGroup group, SyncGroupRequest request)
    {
        if (group.State == ClassicGroupState.Dead)
            return ErrorCode.CoordinatorNotAvailable;

        var error = group.CheckMember(request.MemberId, request.GroupInstanceId, "sync-group");
        if (error != ErrorCode.None)
            return error;
        if (request.GenerationId != group.GenerationId)
            return ErrorCode.IllegalGeneration;

        return Differs(request.ProtocolType, group.ProtocolType) || Differs(request.ProtocolName, group.ProtocolName)
            ? ErrorCode.InconsistentGroupProtocol
            : ErrorCode.None;
    }

    private static bool Differs(string? asked, string? actual) => asked is not null && actual is not null && asked != actual;

    private static CoordinatorResult Refuse(ParkedReply<SyncGroupResponse> reply, ErrorCode error)
    {
        reply.TryComplete(new SyncGroupResponse { ErrorCode = error });
        return CoordinatorResult.Empty;
    }
}
