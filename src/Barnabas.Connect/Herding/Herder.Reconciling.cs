using Barnabas.Configuration;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Herding;

// Compares what runs with what is configured and assigned, and starts and stops the difference.
public sealed partial class Herder
{
    private readonly Dictionary<string, ConnectorConfig> _connectors = [];
    private readonly Dictionary<ConnectorTaskId, IReadOnlyList<IReadOnlyDictionary<string, string>>> _tasks = [];
    private IReadOnlyDictionary<string, ConnectorConfig> _seen = ClusterConfigState.Empty.Connectors;

    private async Task ReconcileAsync()
    {
        Interlocked.Exchange(ref _isReconcilePending, 0);
        var wanted = _configs.State.Connectors;
        // Stopped before the others hear that it may start elsewhere, or anew.
        await StopTasksAsync(_tasks.Where(task => !IsWanted(task.Key, task.Value, wanted)).Select(task => task.Key).ToHashSet());
        foreach (var name in _connectors.Keys.Where(name => !wanted.ContainsKey(name) || !_group.Owns(name)).ToList())
            await StopConnectorAsync(name, wanted.ContainsKey(name) ? RunState.Unassigned : null);
        if (HasOtherWork(wanted)) _group.RequestRejoin("connectors or tasks were added, changed or removed");
        _seen = wanted;
        foreach (var (name, config) in wanted)
        {
            if (_group.Owns(name)) await ReconcileConnectorAsync(name, config);
            else if (_worker.Tasks.Any(task => task.Connector == name)) _worker.SetTarget(name, config.Target);
        }

        foreach (var (name, config) in wanted)
        {
            if (config.Target == TargetState.Stopped) continue;
            for (var task = 0; task < config.Tasks.Count; task++)
            {
                var id = new ConnectorTaskId(name, task);
                if (_group.Owns(id) && !_tasks.ContainsKey(id)) StartTask(id, config);
            }
        }

        if (_group.IsLeader) ForgetDeleted();
    }

    private bool IsWanted(ConnectorTaskId task, IReadOnlyList<IReadOnlyDictionary<string, string>> configs, IReadOnlyDictionary<string, ConnectorConfig> wanted) =>
        _group.Owns(task) && wanted.TryGetValue(task.Connector, out var config) && config.Target != TargetState.Stopped && ReferenceEquals(configs, config.Tasks);

    private bool HasOtherWork(IReadOnlyDictionary<string, ConnectorConfig> wanted) =>
        wanted.Count != _seen.Count || wanted.Any(entry => !_seen.TryGetValue(entry.Key, out var seen) || !ReferenceEquals(seen.Tasks, entry.Value.Tasks));

    private async Task ReconcileConnectorAsync(string name, ConnectorConfig config)
    {
        var isKnown = _connectors.TryGetValue(name, out var running);
        _connectors[name] = config;
        if (!isKnown || !Same(running!.Configs, config.Configs) || (running.Target == TargetState.Stopped) != (config.Target == TargetState.Stopped))
        {
            await _worker.StopConnectorAsync(name);
            if (config.Target == TargetState.Stopped) _status.Put(name, StatusOf(name, RunState.Stopped));
            else if (await TryStartAsync(name, config)) await MakeTasksAsync(name, config);
        }
        else if (running.Target != config.Target)
        {
            _worker.SetTarget(name, config.Target);
            if (_status.Get(name)?.State != RunState.Failed) _status.Put(name, StatusOf(name, config.Target == TargetState.Paused ? RunState.Paused : RunState.Running));
            if (config.Target == TargetState.Started) await MakeTasksAsync(name, config);
        }
    }

    private async Task StopTasksAsync(IReadOnlyCollection<ConnectorTaskId> tasks)
    {
        if (tasks.Count == 0) return;
        await _worker.StopTasksAsync(tasks);
        foreach (var task in tasks)
        {
            _tasks.Remove(task);
            _restarts.Remove(task);
            _startedMs.Remove(task);
        }
    }

    private async Task StopConnectorAsync(string name, RunState? after)
    {
        if (!_connectors.Remove(name)) return;
        await _worker.StopConnectorAsync(name);
        if (after is { } state) _status.Put(name, StatusOf(name, state));
        else HerderLog.Removed(_logger, name);
    }

    private async Task StopAllAsync()
    {
        await StopTasksAsync([.. _worker.Tasks]);
        foreach (var name in _connectors.Keys.ToList()) await StopConnectorAsync(name, RunState.Unassigned);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _options.Time);
        try
        {
            await _status.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            HerderLog.StatusNotFlushed(_logger);
        }
    }

    // What is known of connectors and tasks that are gone. States are looked at before what is configured: a task that another
    // worker has started since this pass began is configured by then, and its state stays.
    private void ForgetDeleted()
    {
        foreach (var name in _status.Connectors)
        {
            var tasks = _status.TasksOf(name).Keys;
            var config = _configs.State.Connectors.GetValueOrDefault(name);
            var count = config?.Tasks.Count ?? 0;
            foreach (var task in tasks.Where(task => task >= count)) _status.Put(new ConnectorTaskId(name, task), Destroyed());
            if (config is not null) continue;
            _status.Put(name, Destroyed());
            _status.ResetTopics(name);
        }
    }

    private async Task<bool> TryStartAsync(string name, ConnectorConfig config)
    {
        try
        {
            await _worker.StartConnectorAsync(name, Resolve(config.Configs), () => Post(() => ReconfigureAsync(name)), error => Fail(name, error), _stopping.Token);
            _status.Put(name, StatusOf(name, config.Target == TargetState.Paused ? RunState.Paused : RunState.Running));
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(name, error);
            return false;
        }
    }

    private Task ReconfigureAsync(string name) =>
        _connectors.ContainsKey(name) && _worker.Connectors.Contains(name) && _configs.State.Connectors.TryGetValue(name, out var config) ? MakeTasksAsync(name, config) : Task.CompletedTask;

    // A connector that stands still makes its tasks when it goes on.
    private async Task MakeTasksAsync(string name, ConnectorConfig config)
    {
        if (config.Target != TargetState.Started) return;
        try
        {
            var tasks = _worker.TaskConfigs(name, Resolve(config.Configs));
            var isSame = config.Applied is not null && Same(config.Applied, config.Configs)
                && tasks.Count == config.Tasks.Count && tasks.Zip(config.Tasks).All(pair => Same(pair.First, pair.Second));
            if (!isSame) await PublishTasksAsync(name, tasks);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(name, error);
        }
    }

    private void StartTask(ConnectorTaskId task, ConnectorConfig config)
    {
        _tasks[task] = config.Tasks;
        _startedMs[task] = NowMs;
        try
        {
            _worker.StartTask(task, Resolve(config.Configs), Resolve(config.Tasks[task.Task]), config.Target, this, PreflightOf(task));
        }
        catch (Exception error) when (error is ConfigException or ConnectException)
        {
            _status.Put(task, StatusOf(task.Connector, RunState.Failed) with { Trace = error.ToString() });
        }
    }

    private void Fail(string name, Exception error)
    {
        HerderLog.ConnectorFailed(_logger, name, error.Message, error);
        _status.Put(name, StatusOf(name, RunState.Failed) with { Trace = error.ToString() });
    }
}
