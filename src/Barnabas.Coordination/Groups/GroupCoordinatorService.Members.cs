using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups;

public sealed partial class GroupCoordinatorService
{
    /// <summary>JoinGroup. Waits for the rebalance, minutes if it must.</summary>
    public async Task<JoinGroupResponse> JoinGroupAsync(GroupRequestContext context, JoinGroupRequest request)
    {
        var error = CheckGroup(request.GroupId);
        if (error == ErrorCode.None && (request.SessionTimeoutMs < _config.MinSessionTimeoutMs || request.SessionTimeoutMs > _config.MaxSessionTimeoutMs))
            error = ErrorCode.InvalidSessionTimeout;
        if (error != ErrorCode.None)
            return new JoinGroupResponse { MemberId = request.MemberId, ErrorCode = error };

        var reply = new ParkedReply<JoinGroupResponse>();
        try
        {
            await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.Join(context, request, reply));
        }
        catch (Exception e)
        {
            reply.TryComplete(new JoinGroupResponse { MemberId = request.MemberId, ErrorCode = CoordinatorErrors.ToClientError(e) });
        }

        return await reply.Task;
    }

    /// <summary>SyncGroup. Waits for the leader's assignment.</summary>
    public async Task<SyncGroupResponse> SyncGroupAsync(SyncGroupRequest request)
    {
        var error = CheckGroup(request.GroupId);
        if (error != ErrorCode.None)
            return new SyncGroupResponse { ErrorCode = error };

        var reply = new ParkedReply<SyncGroupResponse>();
        try
        {
            await _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.Sync(request, reply));
        }
        catch (Exception e)
        {
            reply.TryComplete(new SyncGroupResponse { ErrorCode = CoordinatorErrors.ToClientError(e) });
        }

        return await reply.Task;
    }

    /// <summary>Heartbeat. While the group loads the answer is that all is well, so that no member leaves for it.</summary>
    public Task<HeartbeatResponse> HeartbeatAsync(HeartbeatRequest request)
    {
        var error = CheckGroup(request.GroupId);
        return error != ErrorCode.None
            ? Task.FromResult(new HeartbeatResponse { ErrorCode = error })
            : AnswerAsync(
                _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.Heartbeat(request)),
                failure => new HeartbeatResponse { ErrorCode = failure == ErrorCode.CoordinatorLoadInProgress ? ErrorCode.None : failure });
    }

    /// <summary>LeaveGroup, in the form of version 3 and later: a list of members.</summary>
    public Task<LeaveGroupResponse> LeaveGroupAsync(LeaveGroupRequest request)
    {
        var error = CheckGroup(request.GroupId);
        return error != ErrorCode.None
            ? Task.FromResult(new LeaveGroupResponse { ErrorCode = error })
            : AnswerAsync(
                _runtime.WriteAsync(ShardOf(request.GroupId), shard => shard.Leave(request)),
                failure => LeaveFailure(request, failure));
    }

    private ErrorCode CheckGroup(string groupId) =>
        !_isActive ? ErrorCode.CoordinatorNotAvailable
        : groupId.Length == 0 ? ErrorCode.InvalidGroupId
        : ErrorCode.None;

    /// <summary>A missing group is told for each member, as if each were unknown to it.</summary>
    private static LeaveGroupResponse LeaveFailure(LeaveGroupRequest request, ErrorCode failure)
    {
        var response = new LeaveGroupResponse();
        if (failure != ErrorCode.UnknownMemberId)
        {
            response.ErrorCode = failure;
            return response;
        }

        foreach (var member in request.Members)
        {
            response.Members.Add(new LeaveGroupResponse.MemberResponse
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ErrorCode = ErrorCode.UnknownMemberId,
            });
        }

        return response;
    }
}
