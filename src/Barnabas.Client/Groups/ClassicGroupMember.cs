using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Groups;

/// <summary>
/// A member of a group by the classic protocol, of whatever kind: JoinGroup and SyncGroup until there is an assignment,
/// heartbeats beside them, LeaveGroup at the end. One join at a time; everything else from any thread.
/// </summary>
public sealed partial class ClassicGroupMember
{
    private static readonly TimeSpan JoinGrace = TimeSpan.FromSeconds(5);

    private readonly ClusterClient _cluster;
    private readonly ClassicGroupOptions _options;
    private readonly IClassicGroup _group;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Generation _generation = Generation.None;
    private volatile bool _isJoining;

    // A JoinGroup is with the coordinator: it knows of the member, and answers when all others are there.
    private volatile bool _isAwaited;

    /// <summary>Creates it; nothing is sent before the first join.</summary>
    public ClassicGroupMember(ClusterClient cluster, ClassicGroupOptions options, IClassicGroup group, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _cluster = cluster;
        _options = options;
        _group = group;
        _logger = logger;
        _lastHeartbeatTimestamp = cluster.Time.GetTimestamp();
    }

    /// <summary>Who the member is now.</summary>
    public Generation Current
    {
        get
        {
            lock (_gate) return _generation;
        }
    }

    /// <summary>Forgets the generation, and the member id too where that is no longer known.</summary>
    public void Reset(bool keepsMemberId)
    {
        lock (_gate) _generation = keepsMemberId ? new Generation(-1, _generation.MemberId, null) : Generation.None;
    }

    /// <summary>Joins and waits for the assignment, as often as it takes.</summary>
    /// <param name="reason">Why, for the coordinator's log (KIP-800).</param>
    /// <param name="endsWhenLost">Whether to end without an assignment where the coordinator does not know the member any more, so that the caller can give up what it holds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The coordinator refuses for good.</exception>
    public async Task<JoinOutcome> JoinAsync(string reason, bool endsWhenLost, CancellationToken cancellationToken)
    {
        GroupLog.Joining(_logger, _options.GroupId, reason);
        _isJoining = true;
        try
        {
            return await JoinUntilAssignedAsync(reason, endsWhenLost, cancellationToken);
        }
        finally
        {
            _isJoining = false;
        }
    }

    private async Task<JoinOutcome> JoinUntilAssignedAsync(string reason, bool endsWhenLost, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            try
            {
                var connection = await _cluster.ConnectToCoordinatorAsync(CoordinatorKind.Group, _options.GroupId, cancellationToken);
                var (joined, error) = await SendJoinAsync(connection, reason, cancellationToken);
                if (joined is not null)
                {
                    var (assignment, syncError) = await SendSyncAsync(connection, joined, cancellationToken);
                    if (assignment is not null) return new JoinOutcome(assignment, joined.GenerationId, joined.ProtocolName);
                    error = syncError;
                }

                if (error == ErrorCode.MemberIdRequired) continue;
                GroupLog.JoinFailed(_logger, _options.GroupId, error);
                if (error is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration)
                {
                    Reset(keepsMemberId: error == ErrorCode.IllegalGeneration);
                    if (endsWhenLost) return new JoinOutcome(null, -1, null);
                }
                else if (error == ErrorCode.RebalanceInProgress)
                {
                    continue;
                }

                if (ErrorClassification.NeedsCoordinatorLookup(error)) _cluster.ForgetCoordinator(CoordinatorKind.Group, _options.GroupId);
            }
            catch (KafkaException error) when (ErrorClassification.IsRetriable(error))
            {
                GroupLog.JoinFailed(_logger, _options.GroupId, error.ErrorCode);
                if (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode)) _cluster.ForgetCoordinator(CoordinatorKind.Group, _options.GroupId);
            }

            await Task.Delay(_cluster.RetryBackoff.After(++failures), _cluster.Time, cancellationToken);
        }
    }

    private async Task<(JoinGroupResponse? Joined, ErrorCode Error)> SendJoinAsync(NodeConnection connection, string reason, CancellationToken cancellationToken)
    {
        var before = Current;
        var version = connection.Versions.Choose(ApiKey.JoinGroup, lowest: _options.GroupInstanceId is null ? (short)0 : (short)5);
        var request = new JoinGroupRequest
        {
            GroupId = _options.GroupId,
            SessionTimeoutMs = (int)_options.SessionTimeout.TotalMilliseconds,
            RebalanceTimeoutMs = (int)_options.RebalanceTimeout.TotalMilliseconds,
            MemberId = before.MemberId,
            GroupInstanceId = _options.GroupInstanceId,
            ProtocolType = _group.ProtocolType,
            Reason = reason.Length > 255 ? reason[..255] : reason,
        };
        foreach (var (name, metadata) in _group.Protocols(before))
            request.Protocols.Add(new JoinGroupRequest.JoinGroupRequestProtocol { Name = name, Metadata = metadata });

        // The coordinator answers when all members are there, which may take as long as the slowest one.
        var timeout = TimeSpan.FromTicks(Math.Max(_cluster.Options.RequestTimeout.Ticks, _options.RebalanceTimeout.Ticks)) + JoinGrace;
        JoinGroupResponse response;
        _isAwaited = true;
        try
        {
            response = await connection.SendAsync(request, version, cancellationToken, timeout);
        }
        finally
        {
            Volatile.Write(ref _lastHeartbeatTimestamp, _cluster.Time.GetTimestamp());
            _isAwaited = false;
        }

        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                if (response.ProtocolType is { } type && type != _group.ProtocolType) throw ErrorCode.InconsistentGroupProtocol.ToException();
                lock (_gate) _generation = new Generation(response.GenerationId, response.MemberId, response.ProtocolName);
                GroupLog.Joined(_logger, _options.GroupId, response.MemberId, response.GenerationId, response.ProtocolName ?? "", response.Leader == response.MemberId);
                return (response, ErrorCode.None);
            case ErrorCode.MemberIdRequired:
                lock (_gate) _generation = new Generation(-1, response.MemberId, null);
                return (null, response.ErrorCode);
            case ErrorCode.GroupAuthorizationFailed:
                throw response.ErrorCode.ToException($"Not authorized to access group: {_options.GroupId}");
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress:
                return (null, response.ErrorCode);
            default:
                if (ErrorCodes.IsRetriable(response.ErrorCode)) return (null, response.ErrorCode);
                throw response.ErrorCode.ToException();
        }
    }

    private async Task<(ReadOnlyMemory<byte>? Assignment, ErrorCode Error)> SendSyncAsync(NodeConnection connection, JoinGroupResponse joined, CancellationToken cancellationToken)
    {
        var request = new SyncGroupRequest
        {
            GroupId = _options.GroupId,
            GenerationId = joined.GenerationId,
            MemberId = joined.MemberId,
            GroupInstanceId = _options.GroupInstanceId,
            ProtocolType = _group.ProtocolType,
            ProtocolName = joined.ProtocolName,
        };
        if (joined.Leader != joined.MemberId)
        {
            _group.OnFollowing();
        }
        else if (!joined.SkipAssignment)
        {
            foreach (var (member, assignment) in await _group.AssignAsync(joined, cancellationToken))
                request.Assignments.Add(new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = member, Assignment = assignment });
        }

        var response = await connection.SendAsync(request, cancellationToken);
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                return (response.Assignment, ErrorCode.None);
            case ErrorCode.GroupAuthorizationFailed:
                throw response.ErrorCode.ToException($"Not authorized to access group: {_options.GroupId}");
            case ErrorCode.RebalanceInProgress or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                return (null, response.ErrorCode);
            default:
                if (ErrorCodes.IsRetriable(response.ErrorCode)) return (null, response.ErrorCode);
                throw response.ErrorCode.ToException();
        }
    }
}
