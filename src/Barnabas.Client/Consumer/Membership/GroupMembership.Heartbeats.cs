using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership;

// Tells the coordinator that this member lives, and leaves when its caller does not poll.
internal sealed partial class GroupMembership
{
    private Task? _heartbeats;
    private long _lastHeartbeatTimestamp;

    public async Task StopAsync()
    {
        if (_heartbeats is not null) await _heartbeats;
        if (_join is not null) await ((Task)_join).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void StartHeartbeats() => _heartbeats ??= HeartbeatAsync(_context.Stopping.Token);

    // Never faults.
    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.HeartbeatInterval, _context.Time, cancellationToken);
                var generation = Current;
                // A join under way says as much, and responses behind it would have to wait for it.
                if (!generation.IsMember || _join is { IsCompleted: false }) continue;
                if (Polls.IsOverdue) await GiveUpAsync(cancellationToken);
                else await BeatAsync(generation, cancellationToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The consumer is disposed.
        }
    }

    private async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        ConsumerLog.PollTimeoutExpired(_context.Logger, _options.MaxPollInterval, _group);
        await SendLeaveAsync("consumer poll timeout has expired.", cancellationToken);
        lock (_gate)
        {
            _generation = Generation.None;
            _wasLost = true;
            _isPrepared = false;
        }

        RequestRejoin("consumer poll timeout has expired");
    }

    private async Task BeatAsync(Generation generation, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _context.Cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken);
            var request = new HeartbeatRequest
            {
                GroupId = _group,
                GenerationId = generation.Id,
                MemberId = generation.MemberId,
                GroupInstanceId = _options.GroupInstanceId,
            };
            var response = await connection.SendAsync(request, cancellationToken, _options.SessionTimeout);
            Answered(generation, response.ErrorCode);
        }
        catch (KafkaException error)
        {
            _context.Cluster.ForgetCoordinator(CoordinatorKind.Group, _group);
            ConsumerLog.HeartbeatFailed(_context.Logger, _group, error.ErrorCode, "looking the coordinator up again");
            if (_context.Time.GetElapsedTime(Volatile.Read(ref _lastHeartbeatTimestamp)) > _options.SessionTimeout) ConsumerLog.SessionExpired(_context.Logger, _group);
            if (!ErrorClassification.IsRetriable(error)) _context.Report(error);
        }
    }

    private void Answered(Generation sent, ErrorCode error)
    {
        if (error == ErrorCode.None)
        {
            Volatile.Write(ref _lastHeartbeatTimestamp, _context.Time.GetTimestamp());
            return;
        }

        // An answer to an older generation says nothing about this one.
        if (Current != sent) return;
        switch (error)
        {
            case ErrorCode.RebalanceInProgress:
                lock (_gate)
                {
                    if (_join is not null) return;
                }

                ConsumerLog.HeartbeatFailed(_context.Logger, _group, error, "joining again");
                RequestRejoin("group is already rebalancing");
                break;
            case ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId:
                ConsumerLog.HeartbeatFailed(_context.Logger, _group, error, "joining as a new member");
                OutOfGroup(error);
                break;
            case ErrorCode.FencedInstanceId:
                lock (_gate) _generation = Generation.None;
                _context.Report(error.ToException());
                break;
            case ErrorCode.GroupAuthorizationFailed:
                _context.Report(error.ToException($"Not authorized to access group: {_group}"));
                break;
            default:
                ConsumerLog.HeartbeatFailed(_context.Logger, _group, error, "looking the coordinator up again");
                _context.Cluster.ForgetCoordinator(CoordinatorKind.Group, _group);
                break;
        }
    }

    // Static members keep their place until the session ends (KIP-345).
    private async Task SendLeaveAsync(string reason, CancellationToken cancellationToken)
    {
        var generation = Current;
        if (_options.GroupInstanceId is not null || generation.MemberId.Length == 0) return;
        ConsumerLog.Leaving(_context.Logger, generation.MemberId, _group, reason);
        try
        {
            var connection = await _context.Cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken);
            var version = connection.Versions.Choose(ApiKey.LeaveGroup);
            var request = new LeaveGroupRequest { GroupId = _group };
            if (version >= 3) request.Members.Add(new LeaveGroupRequest.MemberIdentity { MemberId = generation.MemberId, Reason = reason });
            else request.MemberId = generation.MemberId;
            var response = await connection.SendAsync(request, version, cancellationToken);
            if (response.ErrorCode != ErrorCode.None) ConsumerLog.LeaveFailed(_context.Logger, _group, ErrorCodes.Message(response.ErrorCode));
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException)
        {
            ConsumerLog.LeaveFailed(_context.Logger, _group, error.Message);
        }
    }
}
