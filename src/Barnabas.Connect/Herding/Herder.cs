using System.Threading.Channels;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Connect.Worker;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Herding;

/// <summary>
/// Makes what runs in this process equal to what the configuration store says and the group of workers has assigned.
/// Everything that changes something runs on one loop, in order; what only reads comes from the stores and may be asked
/// from any thread.
/// </summary>
public sealed partial class Herder : ITaskListener, IWorkerGroupListener, IAsyncDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(90);

    private readonly Channel<Func<Task>> _work = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly PluginCatalog _plugins;
    private readonly IConfigStore _configs;
    private readonly IStatusStore _status;
    private readonly IOffsetStore _offsets;
    private readonly ConnectWorker _worker;
    private readonly IWorkerGroup _group;
    private readonly WorkerClient? _others;
    private readonly HerderOptions _options;
    private readonly ILogger _logger;
    private Task _loop = Task.CompletedTask;
    private int _isReconcilePending;

    /// <summary>Creates it; nothing runs before <see cref="StartAsync"/>. The herder owns the stores, the group and the client to other workers.</summary>
    internal Herder(
        PluginCatalog plugins, IConfigStore configs, IStatusStore status, IOffsetStore offsets, ConnectWorker worker, IWorkerGroup group, WorkerClient? others, HerderOptions options, ILogger logger)
    {
        _plugins = plugins;
        _configs = configs;
        _status = status;
        _offsets = offsets;
        _worker = worker;
        _group = group;
        _others = others;
        _options = options;
        _logger = logger;
    }

    /// <summary>What connectors can be made of.</summary>
    public PluginCatalog Plugins => _plugins;

    /// <summary>Reads the stores, joins the group, and starts what both say.</summary>
    /// <exception cref="ConnectException">A store cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _offsets.StartAsync(cancellationToken);
        await _status.StartAsync(cancellationToken);
        _configs.Changed += RequestReconcile;
        _configs.RestartRequested += request => Post(() => CarryOutAsync(request));
        _configs.LoggerLevelSet += (logger, level) => _options.Loggers.Set(logger, level);
        await _configs.StartAsync(cancellationToken);
        _seen = _configs.State.Connectors;
        _loop = RunAsync();
        _group.Start(this);
    }

    /// <summary>Stops all that runs here, leaves the group, then ends the stores.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        _work.Writer.TryComplete();
        await _loop;
        await StopAllAsync();
        await _group.DisposeAsync();
        await _configs.StopAsync();
        await _status.StopAsync();
        await _worker.DisposeAsync();
        await _offsets.StopAsync();
        _others?.Dispose();
    }

    void ITaskListener.OnTopic(ConnectorTaskId task, string topic)
    {
        if (_options.TracksTopics) _status.PutTopic(task.Connector, topic, task.Task, NowMs);
    }

    async Task IWorkerGroupListener.OnRevokedAsync(IReadOnlySet<string> connectors, IReadOnlySet<ConnectorTaskId> tasks)
    {
        try
        {
            _ = await QueueAsync(async () =>
            {
                await StopTasksAsync(tasks);
                foreach (var connector in connectors) await StopConnectorAsync(connector, RunState.Unassigned);
                await _status.FlushAsync(_stopping.Token);
                return true;
            }).WaitAsync(_stopping.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or RestException)
        {
            // The worker stops, and with it everything that runs here.
        }
    }

    void IWorkerGroupListener.OnAssigned() => Post(async () =>
    {
        await LeadAsync();
        await ReconcileAsync();
    });

    private long NowMs => _options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Post(Func<Task> work) => _work.Writer.TryWrite(work);

    private void RequestReconcile()
    {
        if (Interlocked.Exchange(ref _isReconcilePending, 1) == 0) Post(ReconcileAsync);
    }

    // A request waits until everybody knows who leads and who runs what.
    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        await _group.AwaitStableAsync(cancellationToken);
        return await QueueAsync(call).WaitAsync(RequestTimeout, _options.Time, cancellationToken);
    }

    private Task<T> QueueAsync<T>(Func<Task<T>> call)
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
        return isTaken ? done.Task : Task.FromException<T>(new RestException(503, "The worker is stopping."));
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

    private void PostLater(Func<Task> work, TimeSpan delay) => _ = LaterAsync(work, delay);

    private async Task LaterAsync(Func<Task> work, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _options.Time, _stopping.Token);
            Post(work);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private IReadOnlyDictionary<string, string> Resolve(IReadOnlyDictionary<string, string> configs) => _options.Variables.Resolve(configs);

    private Status StatusOf(string connector, RunState state) => new(state, _options.WorkerId, _group.Generation, null) { Version = VersionOf(connector) };

    private string? VersionOf(string connector) =>
        _configs.State.Connectors.TryGetValue(connector, out var config) && config.Configs.TryGetValue("connector.class", out var name) ? _plugins.FindConnector(name)?.Version : null;

    private static Status Destroyed() => new(RunState.Destroyed, "", 0, null);

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private bool? IsSource(IReadOnlyDictionary<string, string> configs) =>
        configs.TryGetValue("connector.class", out var name) ? _plugins.FindConnector(name)?.IsSource : null;
}
