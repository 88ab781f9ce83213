using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Simulation;

/// <summary>A group member that follows the protocol as a consumer does, a step at a time.</summary>
internal sealed class SimulatedMember(int index, string? instanceId)
{
    private Task<JoinGroupResponse>? _join;
    private Task<SyncGroupResponse>? _sync;
    private JoinGroupResponse? _joined;
    private long _lastHeartbeatMs;

    public string MemberId { get; private set; } = "";

    public string? InstanceId { get; } = instanceId;

    public int Generation { get; private set; } = -1;

    public bool IsAlive { get; set; } = true;

    /// <summary>The member got its assignment in its generation.</summary>
    public bool IsSettled { get; private set; }

    public string Name => $"member {index}";

    /// <summary>Loses everything it knew, as a crash does.</summary>
    public void Restart()
    {
        Reset();
        MemberId = "";
        IsAlive = true;
    }

    /// <summary>Its connection broke: answers on their way are lost.</summary>
    public void Disconnect()
    {
        _join = null;
        if (_sync is not null)
            Reset();
    }

    public void Step(ShardHarness shard, GroupObserver observer, int sessionMs)
    {
        if (!IsAlive)
            return;

        if (_join is not null)
            TakeJoin(shard, observer);
        else if (_sync is not null)
            TakeSync(observer);
        else if (!IsSettled)
            _join = shard.Join(MemberId, InstanceId, sessionMs: sessionMs, rebalanceMs: 3 * sessionMs);
        else if (shard.NowMs - _lastHeartbeatMs >= sessionMs / 3)
            Heartbeat(shard);
    }

    public void Rejoin() => Reset();

    private void TakeJoin(ShardHarness shard, GroupObserver observer)
    {
        if (!_join!.IsCompleted)
            return;

        var response = _join.Result();
        _join = null;
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                MemberId = response.MemberId;
                Generation = response.GenerationId;
                _joined = response;
                observer.OnJoined(this, response);
                _lastHeartbeatMs = shard.NowMs;
                _sync = shard.Sync(MemberId, Generation, InstanceId, assignments: response.Leader == MemberId && !response.SkipAssignment ? observer.Assign(response) : []);
                break;
            case ErrorCode.MemberIdRequired:
                MemberId = response.MemberId;
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                MemberId = "";
                break;
        }
    }

    private void TakeSync(GroupObserver observer)
    {
        if (!_sync!.IsCompleted)
            return;

        var response = _sync.Result();
        _sync = null;
        if (response.ErrorCode == ErrorCode.None)
        {
            IsSettled = true;
            observer.OnSynced(this, _joined!, response);
            return;
        }

        if (response.ErrorCode is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
            MemberId = "";
        Reset();
    }

    private void Heartbeat(ShardHarness shard)
    {
        _lastHeartbeatMs = shard.NowMs;
        switch (shard.Heartbeat(MemberId, Generation, InstanceId))
        {
            case ErrorCode.None:
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                MemberId = "";
                Reset();
                break;
            default:
                Reset();
                break;
        }
    }

    private void Reset()
    {
        _join = null;
        _sync = null;
        IsSettled = false;
        Generation = -1;
    }
}
