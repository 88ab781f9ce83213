using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Groups;

// Tells the coordinator that this member lives, and leaves.
public sealed partial class ClassicGroupMember
{
    private Task? _heartbeats;
    private long _lastHeartbeatTimestamp;

    /// <summary>How long ago the coordinator last took a join or heartbeat; zero while it holds a join.</summary>
    public TimeSpan SinceLastHeartbeat => _isAwaited ? TimeSpan.Zero : _cluster.Time.GetElapsedTime(Volatile.Read(ref _lastHeartbeatTimestamp));

    /// <summary>Begins to send heartbeats between joins, once.</summary>
    public void StartHeartbeats(CancellationToken stopping) => _heartbeats ??= HeartbeatAsync(stopping);

    /// <summary>Done when no heartbeat is sent any more, after <see cref="StartHeartbeats"/>'s token ended.</summary>
    public Task HeartbeatsEndedAsync() => _heartbeats ?? Task.CompletedTask;

    /// <summary>Leaves the group; never throws for what the cluster answers. Static members keep their place until the session ends (KIP-345).</summary>
    public async Task LeaveAsync(string reason, CancellationToken cancellationToken)
    {
        var generation = Current;
        if (_options.GroupInstanceId is not null || generation.MemberId.Length == 0) return;
        GroupLog.Leaving(_logger, generation.MemberId, _options.GroupId, reason);
        try
        {
            var connection = await _cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _options.GroupId, cancellationToken);
            var version = connection.Versions.Choose(ApiKey.LeaveGroup);
            var request = new LeaveGroupRequest { GroupId = _options.GroupId };
            if (version >= 3) request.Members.Add(new LeaveGroupRequest.MemberIdentity { MemberId = generation.MemberId, Reason = reason });
            else request.MemberId = generation.MemberId;
            var response = await connection.SendAsync(request, version, cancellationToken);
            if (response.ErrorCode != ErrorCode.None) GroupLog.LeaveFailed(_logger, _options.GroupId, ErrorCodes.Message(response.ErrorCode));
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException)
        {
            GroupLog.LeaveFailed(_logger, _options.GroupId, error.Message);
        }
    }

    // Never faults.
    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.HeartbeatInterval, _cluster.Time, cancellationToken);
                var generation = Current;
                // A join under way says as much, and responses behind it would have to wait for it.
                if (!generation.IsMember || _isJoining) continue;
                if (_group.IsOverdue()) await GiveUpAsync(cancellationToken);
                else await BeatAsync(generation, cancellationToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The client is disposed.
        }
    }

    private async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        const string Reason = "consumer poll timeout has expired";
        await LeaveAsync(Reason + ".", cancellationToken);
        Reset(keepsMemberId: false);
        _group.OnRejoinNeeded(Reason, wasLost: true);
    }

    private async Task BeatAsync(Generation generation, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _options.GroupId, cancellationToken);
            var request = new HeartbeatRequest
            {
                GroupId = _options.GroupId,
                GenerationId = generation.Id,
                MemberId = generation.MemberId,
                GroupInstanceId = _options.GroupInstanceId,
            };
            var response = await connection.SendAsync(request, cancellationToken, _options.SessionTimeout);
            Answered(generation, response.ErrorCode);
        }
        catch (KafkaException error)
        {
            _cluster.ForgetCoordinator(CoordinatorKind.Group, _options.GroupId);
            GroupLog.HeartbeatFailed(_logger, _options.GroupId, error.ErrorCode, "looking the coordinator up again");
            if (SinceLastHeartbeat > _options.SessionTimeout) GroupLog.SessionExpired(_logger, _options.GroupId);
            if (!ErrorClassification.IsRetriable(error)) _group.OnFailed(error);
        }
    }

    private void Answered(Generation sent, ErrorCode error)
    {
        if (error == ErrorCode.None)
        {
            Volatile.Write(ref _lastHeartbeatTimestamp, _cluster.Time.GetTimestamp());
            return;
        }

        // An answer to an older generation says nothing about this one.
        if (Current != sent) return;
        switch (error)
        {
            case ErrorCode.RebalanceInProgress:
                if (_isJoining) return;
                GroupLog.HeartbeatFailed(_logger, _options.GroupId, error, "joining again");
                _group.OnRejoinNeeded("group is already rebalancing", wasLost: false);
                break;
            case ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId:
                GroupLog.HeartbeatFailed(_logger, _options.GroupId, error, "joining as a new member");
                Reset(keepsMemberId: error == ErrorCode.IllegalGeneration);
                _group.OnRejoinNeeded($"the coordinator answered {ErrorCodes.Name(error)}", wasLost: true);
                break;
            case ErrorCode.FencedInstanceId:
                Reset(keepsMemberId: false);
                _group.OnFailed(error.ToException());
                break;
            case ErrorCode.GroupAuthorizationFailed:
                _group.OnFailed(error.ToException($"Not authorized to access group: {_options.GroupId}"));
                break;
            default:
                GroupLog.HeartbeatFailed(_logger, _options.GroupId, error, "looking the coordinator up again");
                _cluster.ForgetCoordinator(CoordinatorKind.Group, _options.GroupId);
                break;
        }
    }
}
