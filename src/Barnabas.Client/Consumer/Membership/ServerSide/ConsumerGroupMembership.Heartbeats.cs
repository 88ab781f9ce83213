using Barnabas.Client.Groups;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Membership.ServerSide;

// The loop that heartbeats: at the coordinator's interval, and at once when there is something to tell.
internal sealed partial class ConsumerGroupMembership
{
    private const short LowestVersionOfPatterns = 1;
    private readonly Signal _wake;
    private Task? _heartbeats;
    private TimeSpan _interval;
    private long _lastTimestamp;
    private long _notBeforeTimestamp;
    private bool _isDue = true;
    private int _failures;

    private void StartHeartbeats() => _heartbeats ??= HeartbeatAsync(_context.Stopping.Token);

    private void HeartbeatSoon()
    {
        lock (_gate) _isDue = true;
        _wake.Set();
    }

    // Never faults.
    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (UntilNext() is var wait && wait != TimeSpan.Zero)
                {
                    await _wake.WaitAsync(wait, cancellationToken);
                    continue;
                }

                if (Polls.IsOverdue) await ExpireAsync(cancellationToken);
                else await BeatAsync(cancellationToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The consumer is disposed.
        }
    }

    private TimeSpan UntilNext()
    {
        lock (_gate)
        {
            // A member that waits for its next poll is woken by it; one that leaves does so by itself.
            if (_member.ShouldSkipHeartbeat || _member.State is MemberState.PrepareLeaving or MemberState.Leaving) return Timeout.InfiniteTimeSpan;
            var now = _context.Time.GetTimestamp();
            var untilExpired = Polls.Left;
            var untilAllowed = _context.Time.GetElapsedTime(now, _notBeforeTimestamp);
            var untilDue = _isDue || _member.ShouldHeartbeatNow ? TimeSpan.Zero : _interval - _context.Time.GetElapsedTime(_lastTimestamp, now);
            if (untilAllowed > untilDue) untilDue = untilAllowed;
            if (untilExpired < TimeSpan.Zero || untilDue <= TimeSpan.Zero) return TimeSpan.Zero;
            // One tick more: what is overdue is past its limit, not at it.
            var wait = untilExpired < untilDue ? untilExpired + TimeSpan.FromMilliseconds(1) : untilDue;
            return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var incarnation = 0;
        try
        {
            var connection = await _context.Cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken);
            ConsumerGroupHeartbeatRequest request;
            bool hasPattern;
            lock (_gate)
            {
                if (_member.ShouldSkipHeartbeat || _member.State is MemberState.PrepareLeaving or MemberState.Leaving) return;
                incarnation = _member.Incarnation;
                var subscription = Subscription();
                hasPattern = subscription.Pattern is not null;
                request = _heartbeatState.Build(_member, subscription);
                _member.HeartbeatGenerated();
                _isDue = false;
                _lastTimestamp = _context.Time.GetTimestamp();
            }

            if (!connection.Versions.Supports(ApiKey.ConsumerGroupHeartbeat)) throw new UnsupportedVersionException(ProtocolNotSupported);
            if (hasPattern && !connection.Versions.Supports(ApiKey.ConsumerGroupHeartbeat, LowestVersionOfPatterns)) throw new UnsupportedVersionException(PatternNotSupported);
            var version = connection.Versions.Choose(ApiKey.ConsumerGroupHeartbeat);
            Answered(incarnation, await connection.SendAsync(request, version, cancellationToken));
        }
        catch (KafkaException error)
        {
            if (ErrorClassification.IsRetriable(error)) Retry(incarnation, error.ErrorCode, error.Message);
            else Fail(error);
        }
    }

    private void Answered(int incarnation, ConsumerGroupHeartbeatResponse response)
    {
        if (response.ErrorCode == ErrorCode.None)
        {
            MemberState state;
            lock (_gate)
            {
                _failures = 0;
                if (response.HeartbeatIntervalMs > 0) _interval = TimeSpan.FromMilliseconds(response.HeartbeatIntervalMs);
                if (_member.Incarnation != incarnation) return;
                _member.HeartbeatSucceeded(response.MemberEpoch, response.Assignment is { } assignment ? LocalAssignment.Read(assignment) : null);
                state = _member.State;
            }

            if (state == MemberState.Reconciling) _context.Signal.Set();
            return;
        }

        lock (_gate)
        {
            _heartbeatState.Reset();
            if (_member.Incarnation != incarnation) return;
        }

        Refused(incarnation, response.ErrorCode, response.ErrorMessage);
    }

    private void Refused(int incarnation, ErrorCode error, string? message)
    {
        switch (error)
        {
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress:
                Retry(incarnation, error, message);
                break;
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId:
                GroupLog.HeartbeatFailed(_context.Logger, _group, error, "giving up all partitions and joining again");
                lock (_gate) _member.Fence();
                _context.Signal.Set();
                break;
            case ErrorCode.TopicAuthorizationFailed:
                // Rights may come; the membership stays.
                _context.Report(error.ToException(message));
                Retry(incarnation, error, message);
                break;
            case ErrorCode.GroupAuthorizationFailed:
                Fail(error.ToException($"Not authorized to access group: {_group}"));
                break;
            case ErrorCode.UnsupportedVersion:
                Fail(error.ToException(ProtocolNotSupported));
                break;
            default:
                if (ErrorCodes.IsRetriable(error)) Retry(incarnation, error, message);
                else Fail(error.ToException(message));
                break;
        }
    }

    private void Retry(int incarnation, ErrorCode error, string? message)
    {
        GroupLog.HeartbeatFailed(_context.Logger, _group, error, $"trying again after a pause ({message})");
        if (ErrorClassification.NeedsCoordinatorLookup(error)) _context.Cluster.ForgetCoordinator(CoordinatorKind.Group, _group);
        lock (_gate)
        {
            _heartbeatState.Reset();
            _notBeforeTimestamp = _context.TimestampAfter(_context.Cluster.RetryBackoff.After(++_failures));
            if (incarnation == 0 || _member.Incarnation == incarnation) _isDue = true;
        }
    }

    private void Fail(KafkaException error)
    {
        ConsumerLog.MembershipFailed(_context.Logger, _group, _member.MemberId, error.Message);
        lock (_gate)
        {
            _heartbeatState.Reset();
            _fatal = error;
            _member.Fail();
        }

        _context.Signal.Set();
    }

    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_member.Expire()) return;
        }

        ConsumerLog.PollTimeoutExpired(_context.Logger, _options.MaxPollInterval, _group);
        await SendLeaveAsync("consumer poll timeout has expired.", cancellationToken);
    }

    // The last heartbeat of a life. What it brings does not matter: without it the session time-out does the same.
    private async Task SendLeaveAsync(string reason, CancellationToken cancellationToken)
    {
        ConsumerGroupHeartbeatRequest request;
        lock (_gate)
        {
            request = _heartbeatState.Build(_member, Subscription());
            _heartbeatState.Reset();
        }

        GroupLog.Leaving(_context.Logger, _member.MemberId, _group, reason);
        try
        {
            var connection = await _context.Cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken);
            var response = await connection.SendAsync(request, cancellationToken);
            if (response.ErrorCode is not (ErrorCode.None or ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound))
                GroupLog.LeaveFailed(_context.Logger, _group, response.ErrorMessage ?? ErrorCodes.Message(response.ErrorCode));
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            GroupLog.LeaveFailed(_context.Logger, _group, error.Message);
        }
        finally
        {
            lock (_gate)
            {
                _member.HeartbeatGenerated();
                _isDue = true;
            }

            _context.Signal.Set();
        }
    }

    private SubscriptionToTell Subscription()
    {
        lock (_context.Subscription.Gate)
            return new SubscriptionToTell([.. _context.Subscription.Topics.Order(StringComparer.Ordinal)], _context.Subscription.ServerPattern?.Pattern);
    }

    private const string ProtocolNotSupported =
        "The cluster does not support the new CONSUMER group protocol. Set group.protocol=classic on the consumer configs to revert to the CLASSIC protocol until the cluster is upgraded.";

    private const string PatternNotSupported =
        "The cluster does not support regular expressions resolution on ConsumerGroupHeartbeat API version 0. It must be upgraded to use ConsumerGroupHeartbeat API version >= 1 to allow to subscribe to a SubscriptionPattern.";
}
