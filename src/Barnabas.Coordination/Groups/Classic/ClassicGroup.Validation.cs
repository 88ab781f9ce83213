using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroup
{
    /// <summary>The error for a request by this member, or none if it is a member.</summary>
    public ErrorCode CheckMember(string memberId, string? groupInstanceId, string operation)
    {
        if (groupInstanceId is not null)
        {
            if (!_staticMembers.TryGetValue(groupInstanceId, out var existing))
                return ErrorCode.UnknownMemberId;

            if (existing != memberId)
            {
                _context.Logger.StaticMemberFenced(GroupId, memberId, groupInstanceId, existing, operation);
                return ErrorCode.FencedInstanceId;
            }
        }

        return HasMember(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    public override CommitPartitionValidator? ValidateOffsetCommit(string memberId, string? groupInstanceId, int generationIdOrMemberEpoch, bool isTransactional, short apiVersion)
    {
        ThrowIf(State == ClassicGroupState.Dead, ErrorCode.CoordinatorNotAvailable);

        // Generation -1 is the admin client, or a consumer that keeps its offsets here without being a member.
        if (generationIdOrMemberEpoch < 0 && State == ClassicGroupState.Empty)
            return null;

        if (generationIdOrMemberEpoch >= 0 || memberId.Length > 0 || groupInstanceId is not null)
        {
            var error = CheckMember(memberId, groupInstanceId, isTransactional ? "txn-offset-commit" : "offset-commit");
            ThrowIf(error != ErrorCode.None, error);
            ThrowIf(generationIdOrMemberEpoch != GenerationId, ErrorCode.IllegalGeneration);
        }
        else
        {
            // Old transactional commits carry no member: the producer's fencing guards them.
            ThrowIf(!isTransactional && State != ClassicGroupState.Empty, ErrorCode.UnknownMemberId);
        }

        ThrowIf(!isTransactional && State == ClassicGroupState.CompletingRebalance, ErrorCode.RebalanceInProgress);
        return null;
    }

    public override void ValidateOffsetFetch(string? memberId, int memberEpoch) => ThrowIfDead();

    public override void ValidateOffsetDelete()
    {
        ThrowIfDead();
        ThrowIf(State != ClassicGroupState.Empty && !UsesConsumerProtocol, ErrorCode.NonEmptyGroup);
    }

    public override void ValidateDeleteGroup()
    {
        ThrowIfDead();
        ThrowIf(State != ClassicGroupState.Empty, ErrorCode.NonEmptyGroup);
    }

    private void ThrowIfDead()
    {
        if (State == ClassicGroupState.Dead)
            throw new KafkaException(ErrorCode.GroupIdNotFound, $"Group {GroupId} is in dead state.");
    }

    private static void ThrowIf(bool condition, ErrorCode error)
    {
        if (condition)
            throw new KafkaException(error);
    }
}
