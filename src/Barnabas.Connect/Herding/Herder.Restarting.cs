using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Herding;

// Restarts: by themselves after a failure, and because somebody asked.
public sealed partial class Herder
{
    private readonly Dictionary<ConnectorTaskId, int> _restarts = [];
    private readonly Dictionary<ConnectorTaskId, long> _startedMs = [];

    void ITaskListener.OnState(ConnectorTaskId task, RunState state, Exception? error)
    {
        var status = StatusOf(task.Connector, state) with { Trace = error?.ToString() };
        // What a task that lost its place says late is no longer true where another worker runs it.
        if (state == RunState.Unassigned && _status.Get(task) is { } now && now.WorkerId != _options.WorkerId && now.Generation > status.Generation) return;
        _status.Put(task, status);
        if (state == RunState.Failed) Post(() => ScheduleRestartAsync(task, status));
    }

    /// <summary>Restarts a connector where it runs.</summary>
    /// <exception cref="RestException">There is none of that name (404).</exception>
    public Task RestartConnectorAsync(string name, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var config = Find(name, "Unknown connector: ");
        if (!_group.Owns(name)) throw Elsewhere("Cannot restart connector since it is not assigned to this member", _group.OwnerUrl(name), "Only the leader can process restart requests.");
        await RestartAsync(name, config);
        return true;
    }, cancellationToken);

    /// <summary>Restarts one task where it runs.</summary>
    /// <exception cref="RestException">There is none (404).</exception>
    public Task RestartTaskAsync(ConnectorTaskId task, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var config = Find(task.Connector, "Unknown connector: ");
        if (task.Task < 0 || task.Task >= config.Tasks.Count) throw new RestException(404, $"Unknown task: {task}");
        const string NotHere = "Cannot restart task since it is not assigned to this member";
        if (!_group.Owns(task)) throw Elsewhere(NotHere, _group.OwnerUrl(task), NotHere);
        await RestartAsync([task], config);
        return true;
    }, cancellationToken);

    /// <summary>Has a connector and its tasks restarted, or those that failed, wherever they run (KIP-745).</summary>
    /// <returns>The states, with RESTARTING for what will be.</returns>
    /// <exception cref="RestException">There is none of that name, or nobody runs it yet (404).</exception>
    public Task<ConnectorStatus> RestartAsync(RestartRequest request, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        _ = Find(request.Connector, "Unknown connector: ");
        RequireLeader("Only the leader can process restart requests.");
        var status = _status.Get(request.Connector) is null ? throw new RestException(404, $"Status for connector {request.Connector} not found") : StatusOf(request.Connector);
        await _configs.PutRestartAsync(request, cancellationToken);
        return status with
        {
            Connector = Restarting(status.Connector, request),
            Tasks = status.Tasks.ToDictionary(task => task.Key, task => request.IncludeTasks ? Restarting(task.Value, request) : task.Value),
        };
    }, cancellationToken);

    private RequestTargetException Elsewhere(string message, string? ownerUrl, string notLeading) =>
        _group.IsLeader ? new RequestTargetException(message, ownerUrl) : new RequestTargetException(notLeading, _group.LeaderUrl);

    private static Status Restarting(Status status, RestartRequest request) => IsMeant(status, request) ? status with { State = RunState.Restarting, Trace = null } : status;

    private static bool IsMeant(Status? status, RestartRequest request) => !request.OnlyFailed || status?.State == RunState.Failed;

    // What of the request concerns this worker.
    private async Task CarryOutAsync(RestartRequest request)
    {
        if (!_configs.State.Connectors.TryGetValue(request.Connector, out var config)) return;
        var tasks = request.IncludeTasks ? _tasks.Keys.Where(task => task.Connector == request.Connector && IsMeant(_status.Get(task), request)).ToList() : [];
        if (_connectors.ContainsKey(request.Connector) && IsMeant(_status.Get(request.Connector), request)) await RestartAsync(request.Connector, config);
        if (tasks.Count > 0) await RestartAsync(tasks, config);
    }

    private async Task RestartAsync(string name, ConnectorConfig config)
    {
        if (config.Target == TargetState.Stopped) return;
        await _worker.StopConnectorAsync(name);
        _connectors[name] = config;
        if (await TryStartAsync(name, config)) await MakeTasksAsync(name, config);
    }

    private async Task RestartAsync(IReadOnlyCollection<ConnectorTaskId> tasks, ConnectorConfig config)
    {
        foreach (var task in tasks) _status.Put(task, StatusOf(task.Connector, RunState.Restarting));
        await StopTasksAsync(tasks);
        foreach (var task in tasks.Where(task => task.Task < config.Tasks.Count)) StartTask(task, config);
    }

    // A task that failed starts again by itself, ever later, until it has run well for a while; its status tells.
    private Task ScheduleRestartAsync(ConnectorTaskId task, Status failed)
    {
        if (!_tasks.TryGetValue(task, out var configs) || !_configs.State.Connectors.TryGetValue(task.Connector, out var config)) return Task.CompletedTask;
        var values = TryParse(config);
        if (values is null || !values.GetBoolean("task.restart.enable")) return Task.CompletedTask;
        var longest = values.GetLong("task.restart.backoff.max.ms");
        var ranWell = NowMs - _startedMs.GetValueOrDefault(task) > longest;
        var attempt = _restarts[task] = ranWell ? 1 : _restarts.GetValueOrDefault(task) + 1;
        var delay = TimeSpan.FromMilliseconds(Math.Min(longest, values.GetLong("task.restart.backoff.ms") * Math.Pow(2, Math.Min(attempt - 1, 20))));
        HerderLog.RestartScheduled(_logger, task, delay, attempt);
        var at = (_options.Time.GetUtcNow() + delay).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        _status.Put(task, failed with { Trace = string.Create(CultureInfo.InvariantCulture, $"{failed.Trace}\nRestart {attempt} follows at {at} (task.restart.backoff.ms; task.restart.enable=false prevents it)") });
        PostLater(() => RestartFailedAsync(task, configs, attempt), delay);
        return Task.CompletedTask;
    }

    private async Task RestartFailedAsync(ConnectorTaskId task, IReadOnlyList<IReadOnlyDictionary<string, string>> configs, int attempt)
    {
        if (!_tasks.TryGetValue(task, out var now) || !ReferenceEquals(now, configs) || _status.Get(task)?.State != RunState.Failed) return;
        if (!_configs.State.Connectors.TryGetValue(task.Connector, out var config) || !ReferenceEquals(config.Tasks, configs)) return;
        await _worker.StopTasksAsync([task]);
        StartTask(task, config);
        _restarts[task] = attempt;
    }

    private ConfigValues? TryParse(ConnectorConfig config)
    {
        try
        {
            return (IsSource(config.Configs) == true ? ConnectorKeys.Source : ConnectorKeys.Sink).Parse(config.Configs);
        }
        catch (ConfigException)
        {
            return null;
        }
    }
}
