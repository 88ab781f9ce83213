using Barnabas.Client.Consumer.Membership;
using Barnabas.Client.Groups;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Consumer.Sharing;

/// <summary>
/// A member of a share group: heartbeats at the coordinator's interval, and at once when there is something to tell. The
/// heartbeats run besides the polls; a member that is not polled for <c>max.poll.interval.ms</c> leaves until the next poll.
/// </summary>
internal sealed class ShareMembership(ClusterClient cluster, ConsumerOptions options, ILogger logger, Signal changed, Action<KafkaException> report)
{
    private const int LeaveEpoch = -1;
    private readonly Lock _gate = new();
    private readonly Signal _wake = new(cluster.Time);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _group = options.GroupId!;
    private IReadOnlyList<string> _topics = [];
    private bool _topicsAreNew;
    private bool _isParked;
    private int _epoch;
    private Task? _beating;
    private volatile KafkaException? _fatal;
    private volatile IReadOnlyList<(Uuid TopicId, int Partition)> _assigned = [];

    public string MemberId { get; } = cluster.NewId().ToString();

    public PollWatch Polls { get; } = new(cluster.Time, options.MaxPollInterval);

    public IReadOnlyList<(Uuid TopicId, int Partition)> Assigned => _assigned;

    /// <summary>Throws what ended the membership for good.</summary>
    public void ThrowIfFailed()
    {
        if (_fatal is { } fatal) throw fatal;
    }

    /// <summary>Joins with these topics; with none, leaves.</summary>
    public void Subscribe(IReadOnlyList<string> topics)
    {
        Polls.Touch();
        lock (_gate)
        {
            _topics = topics;
            _topicsAreNew = true;
            _beating ??= BeatAsync();
        }

        _wake.Set();
    }

    /// <summary>The caller is alive: a member that had left for want of polls joins again.</summary>
    public void Polled()
    {
        if (Volatile.Read(ref _isParked)) _wake.Set();
    }

    /// <summary>Ends the heartbeats and leaves. Never faults.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_beating is not null) await _beating;
        _stopping.Dispose();
        if (_epoch <= 0) return;
        try
        {
            await LeaveGroupAsync("the consumer is being closed", cancellationToken);
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            GroupLog.LeaveFailed(logger, _group, error.Message);
        }
    }

    // Never faults.
    private async Task BeatAsync()
    {
        var failures = 0;
        try
        {
            while (true)
            {
                TimeSpan pause;
                try
                {
                    pause = await BeatOnceAsync(_stopping.Token);
                    failures = 0;
                }
                catch (KafkaException error) when (ErrorClassification.IsRetriable(error) || error.ErrorCode == ErrorCode.TopicAuthorizationFailed)
                {
                    // Rights may come; the membership stays.
                    if (error.ErrorCode == ErrorCode.TopicAuthorizationFailed) report(error);
                    if (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode)) cluster.ForgetCoordinator(CoordinatorKind.Group, _group);
                    GroupLog.HeartbeatFailed(logger, _group, error.ErrorCode, "trying again after a pause");
                    lock (_gate) _topicsAreNew = true;
                    pause = cluster.RetryBackoff.After(++failures);
                }

                await _wake.WaitAsync(pause, _stopping.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The consumer is disposed.
        }
        catch (KafkaException error)
        {
            ConsumerLog.MembershipFailed(logger, _group, MemberId, error.Message);
            _assigned = [];
            _fatal = error;
            changed.Set();
        }
    }

    private async Task<TimeSpan> BeatOnceAsync(CancellationToken cancellationToken)
    {
        bool isIdle;
        lock (_gate) isIdle = _topics.Count == 0;
        if (Polls.IsOverdue && !isIdle)
        {
            if (!_isParked) ConsumerLog.PollTimeoutExpired(logger, options.MaxPollInterval, _group);
            Volatile.Write(ref _isParked, true);
            isIdle = true;
        }
        else
        {
            Volatile.Write(ref _isParked, false);
        }

        if (isIdle)
        {
            if (_epoch > 0) await LeaveGroupAsync(_isParked ? "consumer poll timeout has expired." : "the consumer unsubscribed from all topics", cancellationToken);
            // A poll that came in between is not missed: it has set the signal, or is no longer overdue.
            return _isParked && !Polls.IsOverdue ? TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan;
        }

        var connection = await cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken);
        if (!connection.Versions.Supports(ApiKey.ShareGroupHeartbeat)) throw new UnsupportedVersionException("The cluster does not support the share group protocol using ShareGroupHeartbeat API version 1 or later. This version of the API was introduced in Apache Kafka v4.1.");
        ShareGroupHeartbeatRequest request;
        lock (_gate)
        {
            if (_topics.Count == 0) return TimeSpan.FromMilliseconds(1);
            request = new ShareGroupHeartbeatRequest { GroupId = _group, MemberId = MemberId, MemberEpoch = _epoch, RackId = _epoch == 0 && options.ClientRack.Length > 0 ? options.ClientRack : null };
            request.SubscribedTopicNames = _epoch == 0 || _topicsAreNew ? [.. _topics] : null;
            _topicsAreNew = false;
        }

        return Answered(await connection.SendAsync(request, cancellationToken));
    }

    private TimeSpan Answered(ShareGroupHeartbeatResponse response)
    {
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                _epoch = response.MemberEpoch;
                if (response.Assignment is { } assignment)
                {
                    _assigned = [.. assignment.TopicPartitions.SelectMany(static topic => topic.Partitions.Select(index => (topic.TopicId, index)))];
                    changed.Set();
                }

                var interval = TimeSpan.FromMilliseconds(response.HeartbeatIntervalMs);
                // One tick more: what is overdue is past its limit, not at it.
                var left = Polls.Left + TimeSpan.FromMilliseconds(1);
                return left < interval && left > TimeSpan.Zero ? left : interval;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch:
                GroupLog.HeartbeatFailed(logger, _group, response.ErrorCode, "giving up all partitions and joining again");
                _epoch = 0;
                _assigned = [];
                changed.Set();
                return TimeSpan.FromMilliseconds(1);
            case ErrorCode.GroupAuthorizationFailed:
                throw response.ErrorCode.ToException($"Not authorized to access group: {_group}");
            default:
                throw response.ErrorCode.ToException(response.ErrorMessage);
        }
    }

    private async Task LeaveGroupAsync(string reason, CancellationToken cancellationToken)
    {
        GroupLog.Leaving(logger, MemberId, _group, reason);
        var connection = await cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _group, cancellationToken);
        await connection.SendAsync(new ShareGroupHeartbeatRequest { GroupId = _group, MemberId = MemberId, MemberEpoch = LeaveEpoch }, cancellationToken);
        _epoch = 0;
        _assigned = [];
        changed.Set();
    }
}
