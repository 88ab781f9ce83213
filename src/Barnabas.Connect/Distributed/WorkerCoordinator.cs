using Barnabas.Client.Groups;
using Barnabas.Client.Networking;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Distributed;

/// <summary>
/// This worker's place in the group of workers: joins, keeps what it has while the group is shared out anew, gives up
/// what the leader revokes, and shares out where it leads. One loop owns all that; what is asked from outside reads
/// immutable state.
/// </summary>
internal sealed partial class WorkerCoordinator : IWorkerGroup, IClassicGroup
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly WorkerGroupOptions _options;
    private readonly ClusterClient _cluster;
    private readonly IConfigStore _configs;
    private readonly ClassicGroupMember _member;
    private readonly IncrementalCooperativeAssignor _assignor;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private IWorkerGroupListener? _listener;
    private TaskCompletionSource _wake = NewSignal();
    private TaskCompletionSource _stable = NewSignal();
    private string? _rejoinReason = "the worker starts";
    private Task _loop = Task.CompletedTask;
    private volatile View _view;
    private short _version;
    private int _lastGeneration = -1;
    private long? _rejoinAtMs;

    /// <summary>Creates it; nothing is sent before <see cref="Start"/>. The coordinator owns the client.</summary>
    public WorkerCoordinator(WorkerGroupOptions options, ClusterClient cluster, IConfigStore configs, ILogger logger)
    {
        _options = options;
        _cluster = cluster;
        _configs = configs;
        _logger = logger;
        _version = options.Protocol;
        _view = new View(null, 0, options.Protocol);
        _member = new ClassicGroupMember(cluster, options.Group, this, logger);
        _assignor = new IncrementalCooperativeAssignor(options.MaxDelayMs);
    }

    /// <inheritdoc/>
    public bool IsLeader => _view.Assignment is { } assignment && assignment.Leader == _member.Current.MemberId;

    /// <inheritdoc/>
    public string? LeaderUrl => _view.Assignment?.LeaderUrl;

    /// <inheritdoc/>
    public int Generation => _view.Generation;

    /// <inheritdoc/>
    public bool SignsRequests => _view.Version >= ConnectProtocol.Sessioned;

    /// <inheritdoc/>
    public bool Owns(string connector) => _view.Assignment?.Assigned.Connectors.Contains(connector) == true;

    /// <inheritdoc/>
    public bool Owns(ConnectorTaskId task) => _view.Assignment?.Assigned.Tasks.Contains(task) == true;

    /// <inheritdoc/>
    public void Start(IWorkerGroupListener listener)
    {
        _listener = listener;
        _member.StartHeartbeats(_stopping.Token);
        _loop = RunAsync(listener);
    }

    /// <inheritdoc/>
    public async Task AwaitStableAsync(CancellationToken cancellationToken)
    {
        Task stable;
        lock (_gate) stable = _stable.Task;
        if (stable.IsCompleted) return;
        try
        {
            await stable.WaitAsync(LongestWait, _cluster.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new RestException(409, "Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)");
        }
    }

    /// <inheritdoc/>
    public void RequestRejoin(string reason)
    {
        lock (_gate)
        {
            _rejoinReason ??= reason;
            if (_stable.Task.IsCompleted) _stable = NewSignal();
            _wake.TrySetResult();
        }
    }

    /// <summary>Leaves the group; the herder has stopped what ran here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await _loop;
        await _member.HeartbeatsEndedAsync();
        using (var limit = new CancellationTokenSource(LongestWait, _cluster.Time)) await _member.LeaveAsync("the worker stops", limit.Token);
        await _cluster.DisposeAsync();
    }

    private async Task RunAsync(IWorkerGroupListener listener)
    {
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(listener);
                await RebalanceAsync(listener);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is KafkaException or ConnectException or TimeoutException)
            {
                CoordinatorLog.RebalanceFailed(_logger, _options.Group.GroupId, error.Message, error);
                RequestRejoin("the last join failed");
                if (!await PauseAsync()) return;
            }
        }
    }

    private async Task<bool> PauseAsync()
    {
        try
        {
            await Task.Delay(FailurePause, _cluster.Time, _stopping.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Until the group is to be shared out anew. A worker that the coordinator cannot hear stops what others may start.
    private async Task WaitAsync(IWorkerGroupListener listener)
    {
        while (true)
        {
            Task wake;
            lock (_gate)
            {
                if (_rejoinReason is not null) return;
                if (_wake.Task.IsCompleted) _wake = NewSignal();
                wake = _wake.Task;
            }

            var limit = _options.Group.HeartbeatInterval;
            if (_rejoinAtMs is { } at)
            {
                var left = TimeSpan.FromMilliseconds(Math.Max(0, at - NowMs));
                if (left == TimeSpan.Zero)
                {
                    _rejoinAtMs = null;
                    RequestRejoin("the scheduled rebalance is due");
                    continue;
                }

                if (left < limit) limit = left;
            }

            await GiveUpWhenUnheardAsync(listener);
            await Task.WhenAny(wake, Task.Delay(limit, _cluster.Time, _stopping.Token));
            _stopping.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task GiveUpWhenUnheardAsync(IWorkerGroupListener listener)
    {
        if (_view.Assignment is not { } assignment || assignment.Assigned.IsEmpty || _member.SinceLastHeartbeat <= _options.Group.SessionTimeout) return;
        CoordinatorLog.SessionLost(_logger, _options.Group.GroupId, _options.Group.SessionTimeout, assignment.Assigned.ToString());
        _view = _view with { Assignment = null };
        await listener.OnRevokedAsync(assignment.Assigned.Connectors, assignment.Assigned.Tasks);
        RequestRejoin("the coordinator was not heard of for the session time-out");
    }

    private async Task RebalanceAsync(IWorkerGroupListener listener)
    {
        string reason;
        lock (_gate)
        {
            reason = _rejoinReason ?? "";
            _rejoinReason = null;
        }

        if (_version == ConnectProtocol.Eager && _view.Assignment is { IsFailed: false } held)
        {
            _view = _view with { Assignment = null };
            await listener.OnRevokedAsync(held.Assigned.Connectors, held.Assigned.Tasks);
        }

        var join = _member.JoinAsync(reason, endsWhenLost: false, _stopping.Token);
        while (!join.IsCompleted)
        {
            await Task.WhenAny(join, Task.Delay(_options.Group.HeartbeatInterval, _cluster.Time, _stopping.Token));
            if (!join.IsCompleted) await GiveUpWhenUnheardAsync(listener);
        }

        await TakeAsync(await join, listener);
    }

    private async Task TakeAsync(JoinOutcome outcome, IWorkerGroupListener listener)
    {
        var fresh = ConnectProtocol.ReadAssignment(outcome.Assignment ?? throw new ConnectException("The leader has assigned nothing."));
        _version = ConnectProtocol.VersionOf(outcome.Protocol);
        var before = _view.Assignment?.Assigned ?? ConnectorsAndTasks.Empty;
        var all = fresh.Assigned;
        if (_version != ConnectProtocol.Eager)
        {
            all = before.Without(fresh.Revoked).And(fresh.Assigned);
            _view = new View(fresh with { Assigned = before.Without(fresh.Revoked), Revoked = ConnectorsAndTasks.Empty, DelayMs = 0 }, outcome.GenerationId, _version);
            if (!fresh.Revoked.IsEmpty) await listener.OnRevokedAsync(fresh.Revoked.Connectors, fresh.Revoked.Tasks);
        }

        _lastGeneration = outcome.GenerationId;
        _rejoinAtMs = fresh.DelayMs > 0 ? NowMs + fresh.DelayMs : null;
        CoordinatorLog.Assigned(_logger, outcome.GenerationId, ConnectProtocol.NameOf(_version), fresh.LeaderUrl, all.ToString(), fresh.Revoked.ToString(), fresh.DelayMs);
        if ((fresh.IsFailed || _configs.State.Offset < fresh.ConfigOffset) && !await CatchUpAsync())
        {
            await StayOutAsync(listener);
            return;
        }

        _view = new View(fresh with { Assigned = all, Revoked = ConnectorsAndTasks.Empty, DelayMs = 0 }, outcome.GenerationId, _version);
        if (fresh.IsFailed) RequestRejoin("the leader did not know the newest configuration");
        else if (!fresh.Revoked.IsEmpty) RequestRejoin("what was revoked has stopped");
        else Settle();
        listener.OnAssigned();
    }

    private async Task<bool> CatchUpAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(_options.SyncTimeout);
        try
        {
            await _configs.RefreshAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    // The others go on without a worker that cannot see what is configured; what ran here stops, since they start it.
    private async Task StayOutAsync(IWorkerGroupListener listener)
    {
        CoordinatorLog.Unsynchronized(_logger, _options.Group.GroupId, _options.SyncTimeout, _options.UnsyncBackoff);
        var held = _view.Assignment?.Assigned ?? ConnectorsAndTasks.Empty;
        _view = _view with { Assignment = null };
        if (!held.IsEmpty) await listener.OnRevokedAsync(held.Connectors, held.Tasks);
        await _member.LeaveAsync("taking too long to read the log", _stopping.Token);
        _member.Reset(keepsMemberId: false);
        await Task.Delay(_options.UnsyncBackoff, _cluster.Time, _stopping.Token);
        RequestRejoin("the worker tries to read the configuration again");
    }

    private void Settle()
    {
        lock (_gate)
        {
            if (_rejoinReason is null) _stable.TrySetResult();
        }
    }

    private long NowMs => _cluster.Time.GetTimestamp() / (_cluster.Time.TimestampFrequency / 1000);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What this worker knows of the group: its own work under "assigned". Immutable.</summary>
    private sealed record View(ConnectAssignment? Assignment, int Generation, short Version);
}
