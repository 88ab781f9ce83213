using System.Threading.Channels;
using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Connect.Worker;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Herding;

/// <summary>
/// Makes what runs in this process equal to what the configuration store says. Everything that changes something runs
/// on one loop, in order; what only reads comes from the stores and may be asked from any thread.
/// </summary>
public sealed partial class Herder : ITaskListener, IAsyncDisposable
{
    private readonly Channel<Func<Task>> _work = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly PluginCatalog _plugins;
    private readonly IConfigStore _configs;
    private readonly IStatusStore _status;
    private readonly IOffsetStore _offsets;
    private readonly ConnectWorker _worker;
    private readonly HerderOptions _options;
    private readonly ILogger _logger;
    private readonly Dictionary<string, ConnectorConfig> _running = [];
    private readonly Dictionary<ConnectorTaskId, int> _restarts = [];
    private Task _loop = Task.CompletedTask;
    private int _isReconcilePending;

    /// <summary>Creates it; nothing runs before <see cref="StartAsync"/>.</summary>
    public Herder(PluginCatalog plugins, IConfigStore configs, IStatusStore status, IOffsetStore offsets, ConnectWorker worker, HerderOptions options, ILogger logger)
    {
        _plugins = plugins;
        _configs = configs;
        _status = status;
        _offsets = offsets;
        _worker = worker;
        _options = options;
        _logger = logger;
    }

    /// <summary>What connectors can be made of.</summary>
    public PluginCatalog Plugins => _plugins;

    /// <summary>Reads the stores and starts what they say.</summary>
    /// <exception cref="ConnectException">A store cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _offsets.StartAsync(cancellationToken);
        await _status.StartAsync(cancellationToken);
        _configs.Changed += RequestReconcile;
        _configs.RestartRequested += request => Post(() => RestartAsync(request));
        await _configs.StartAsync(cancellationToken);
        _loop = RunAsync();
        RequestReconcile();
    }

    /// <summary>Stops all that runs here, then the stores.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        _work.Writer.TryComplete();
        await _loop;
        await _worker.StopTasksAsync([.. _worker.Tasks]);
        foreach (var name in _worker.Connectors.ToList()) await _worker.StopConnectorAsync(name);
        await _configs.StopAsync();
        await _status.StopAsync();
        await _offsets.StopAsync();
    }

    void ITaskListener.OnState(ConnectorTaskId task, RunState state, Exception? error)
    {
        _status.Put(task, new Status(state, _options.WorkerId, _options.Generation, error?.ToString()));
        if (state == RunState.Failed) Post(() => ScheduleRestartAsync(task));
    }

    void ITaskListener.OnTopic(ConnectorTaskId task, string topic)
    {
        if (_options.TracksTopics) _status.PutTopic(task.Connector, topic, task.Task, _options.Time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private void Post(Func<Task> work) => _work.Writer.TryWrite(work);

    private void RequestReconcile()
    {
        if (Interlocked.Exchange(ref _isReconcilePending, 1) == 0) Post(ReconcileAsync);
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = _work.Writer.TryWrite(async () =>
        {
            try
            {
                done.TrySetResult(await call());
            }
            catch (Exception error)
            {
                done.TrySetException(error);
            }
        });
        if (!isTaken) throw new RestException(503, "The worker is stopping.");
        return await done.Task.WaitAsync(TimeSpan.FromSeconds(90), _options.Time, cancellationToken);
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            await foreach (var work in _work.Reader.ReadAllAsync(_stopping.Token))
            {
                try
                {
                    await work();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    HerderLog.WorkFailed(_logger, error.Message, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task ReconcileAsync()
    {
        Interlocked.Exchange(ref _isReconcilePending, 0);
        var wanted = _configs.Snapshot;
        foreach (var name in _running.Keys.Where(name => !wanted.ContainsKey(name)).ToList()) await RemoveAsync(name);
        foreach (var (name, config) in wanted)
        {
            var isKnown = _running.TryGetValue(name, out var running);
            if (isKnown && ReferenceEquals(running, config)) continue;
            _running[name] = config;
            if (!isKnown || !Same(running!.Configs, config.Configs) || running.Target != config.Target)
                await StartConnectorAsync(name, config, isKnown ? running : null);
            else if (!ReferenceEquals(running.Tasks, config.Tasks))
                await StartTasksAsync(name, config);
        }
    }

    private async Task RemoveAsync(string name)
    {
        var old = _running[name];
        _running.Remove(name);
        await _worker.StopTasksAsync(TasksOf(name, old.Tasks.Count));
        await _worker.StopConnectorAsync(name);
        foreach (var task in _status.TasksOf(name).Keys) _status.Put(new ConnectorTaskId(name, task), Destroyed());
        _status.Put(name, Destroyed());
        _status.ResetTopics(name);
        HerderLog.Removed(_logger, name);
    }

    private async Task StartConnectorAsync(string name, ConnectorConfig config, ConnectorConfig? before)
    {
        var isNewConfig = before is null || !Same(before.Configs, config.Configs);
        if (!isNewConfig && before!.Target != TargetState.Stopped && config.Target != TargetState.Stopped)
        {
            _worker.SetTarget(name, config.Target);
            _status.Put(name, StatusOf(config.Target == TargetState.Paused ? RunState.Paused : RunState.Running));
            return;
        }

        await _worker.StopTasksAsync(TasksOf(name, Math.Max(config.Tasks.Count, before?.Tasks.Count ?? 0)));
        await _worker.StopConnectorAsync(name);
        if (config.Target == TargetState.Stopped)
        {
            _status.Put(name, StatusOf(RunState.Stopped));
            foreach (var task in _status.TasksOf(name).Keys) _status.Put(new ConnectorTaskId(name, task), Destroyed());
            if (config.Tasks.Count > 0) await _configs.PutTasksAsync(name, [], _stopping.Token);
            return;
        }

        if (await TryStartAsync(name, config)) await MakeTasksAsync(name, config);
    }

    private async Task<bool> TryStartAsync(string name, ConnectorConfig config)
    {
        try
        {
            await _worker.StartConnectorAsync(name, Resolve(config.Configs), () => Post(() => ReconfigureAsync(name)), error => Fail(name, error), _stopping.Token);
            _status.Put(name, StatusOf(config.Target == TargetState.Paused ? RunState.Paused : RunState.Running));
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(name, error);
            return false;
        }
    }

    private Task ReconfigureAsync(string name) =>
        _running.TryGetValue(name, out var config) && _worker.Connectors.Contains(name) ? MakeTasksAsync(name, config) : Task.CompletedTask;

    // Tasks as they are start again where the connector would make the same; else the store brings the new ones.
    private async Task MakeTasksAsync(string name, ConnectorConfig config)
    {
        try
        {
            var tasks = _worker.TaskConfigs(name, Resolve(config.Configs));
            if (tasks.Count == config.Tasks.Count && tasks.Zip(config.Tasks).All(pair => Same(pair.First, pair.Second)))
            {
                if (!_worker.Tasks.Any(task => task.Connector == name)) await StartTasksAsync(name, config);
                return;
            }

            await _configs.PutTasksAsync(name, tasks, _stopping.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(name, error);
        }
    }

    private async Task StartTasksAsync(string name, ConnectorConfig config)
    {
        await _worker.StopTasksAsync([.. _worker.Tasks.Where(task => task.Connector == name)]);
        foreach (var gone in _status.TasksOf(name).Keys.Where(task => task >= config.Tasks.Count)) _status.Put(new ConnectorTaskId(name, gone), Destroyed());
        if (config.Target == TargetState.Stopped) return;
        foreach (var task in TasksOf(name, config.Tasks.Count)) StartTask(task, config);
    }

    private void StartTask(ConnectorTaskId task, ConnectorConfig config)
    {
        try
        {
            _worker.StartTask(task, Resolve(config.Configs), Resolve(config.Tasks[task.Task]), config.Target, this);
        }
        catch (Exception error) when (error is ConfigException or ConnectException)
        {
            _status.Put(task, new Status(RunState.Failed, _options.WorkerId, _options.Generation, error.ToString()));
        }
    }

    // A task that failed starts again by itself, ever later, until it has run well for a while.
    private Task ScheduleRestartAsync(ConnectorTaskId task)
    {
        if (!_running.TryGetValue(task.Connector, out var config)) return Task.CompletedTask;
        var values = TryParse(config);
        if (values is null || !values.GetBoolean("task.restart.enable")) return Task.CompletedTask;
        var attempt = _restarts[task] = _restarts.GetValueOrDefault(task) + 1;
        var delay = Math.Min(values.GetLong("task.restart.backoff.max.ms"), values.GetLong("task.restart.backoff.ms") * Math.Pow(2, Math.Min(attempt - 1, 20)));
        HerderLog.RestartScheduled(_logger, task, TimeSpan.FromMilliseconds(delay), attempt);
        _ = RestartLaterAsync(task, config, TimeSpan.FromMilliseconds(delay));
        return Task.CompletedTask;
    }

    private async Task RestartLaterAsync(ConnectorTaskId task, ConnectorConfig config, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _options.Time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Post(async () =>
        {
            if (!_running.TryGetValue(task.Connector, out var now) || !ReferenceEquals(now, config) || _status.Get(task)?.State != RunState.Failed) return;
            await _worker.StopTasksAsync([task]);
            StartTask(task, now);
        });
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

    private void Fail(string name, Exception error)
    {
        HerderLog.ConnectorFailed(_logger, name, error.Message, error);
        _status.Put(name, new Status(RunState.Failed, _options.WorkerId, _options.Generation, error.ToString()));
    }

    private IReadOnlyDictionary<string, string> Resolve(IReadOnlyDictionary<string, string> configs) => _options.Variables.Resolve(configs);

    private Status StatusOf(RunState state) => new(state, _options.WorkerId, _options.Generation, null);

    private static Status Destroyed() => new(RunState.Destroyed, "", 0, null);

    private static IReadOnlyCollection<ConnectorTaskId> TasksOf(string name, int count) => [.. Enumerable.Range(0, count).Select(task => new ConnectorTaskId(name, task))];

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private bool? IsSource(IReadOnlyDictionary<string, string> configs) =>
        configs.TryGetValue("connector.class", out var name) ? _plugins.FindConnector(name)?.IsSource : null;
}
