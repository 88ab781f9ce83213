using Barnabas.Connect.Sdk;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

/// <summary>
/// A task that runs: its loop, its state, and what is wanted of it. The loop owns the task; <see cref="SetTarget"/> and
/// <see cref="StopAsync"/> may be called from any thread.
/// </summary>
public abstract class WorkerTask
{
    private readonly ITaskListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger;
    private TaskCompletionSource _wake = New();
    private volatile bool _isPaused;

    // It did not stop in time: what it says from then on is not true of the task that takes its place.
    private volatile bool _isLeftBehind;
    private Task _running = Task.CompletedTask;

    /// <summary>Creates it; nothing runs before <see cref="Start"/>.</summary>
    protected WorkerTask(ConnectorTaskId id, ITaskListener listener, TimeProvider time, ILogger logger)
    {
        Id = id;
        _listener = listener;
        Time = time;
        _logger = logger;
    }

    /// <summary>Which task.</summary>
    public ConnectorTaskId Id { get; }

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>The log.</summary>
    protected ILogger Logger => _logger;

    /// <summary>Ends when the task is to stop.</summary>
    protected CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether it is to stand still.</summary>
    protected bool IsPaused => _isPaused;

    /// <summary>The task inside.</summary>
    protected abstract ConnectTask Inner { get; }

    /// <summary>Begins to run.</summary>
    public void Start(TargetState target)
    {
        _isPaused = target == TargetState.Paused;
        _running = RunAsync();
    }

    /// <summary>Changes what is wanted: running or standing still.</summary>
    public void SetTarget(TargetState target)
    {
        _isPaused = target == TargetState.Paused;
        Interlocked.Exchange(ref _wake, New()).TrySetResult();
    }

    /// <summary>Stops it and waits, up to a limit; a task that does not end then is left behind and said so.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        await _stopping.CancelAsync();
        try
        {
            await _running.WaitAsync(limit, Time);
        }
        catch (TimeoutException)
        {
            _isLeftBehind = true;
            TaskLog.DidNotStop(_logger, Id, limit);
        }
    }

    /// <summary>Starts the task inside and works until <see cref="Stopping"/>; calls <see cref="PauseAsync"/> between records.</summary>
    protected abstract Task ExecuteAsync();

    /// <summary>Gives back what the task holds, after <see cref="ExecuteAsync"/>; the error where it failed.</summary>
    protected abstract Task CloseAsync(Exception? error);

    /// <summary>Says that the task has started.</summary>
    protected void Started() => _listener.OnState(Id, _isPaused ? RunState.Paused : RunState.Running, null);

    /// <summary>Notes a topic it uses.</summary>
    protected void Uses(string topic) => _listener.OnTopic(Id, topic);

    /// <summary>Waits while the task is to stand still, at most a while.</summary>
    protected async Task PauseAsync(TimeSpan limit)
    {
        var wake = Volatile.Read(ref _wake).Task;
        if (!_isPaused) return;
        try
        {
            await wake.WaitAsync(limit, Time, Stopping);
        }
        catch (TimeoutException)
        {
            return;
        }

        if (!_isPaused) _listener.OnState(Id, RunState.Running, null);
    }

    /// <summary>Says that the task stands still now.</summary>
    protected void Paused() => _listener.OnState(Id, RunState.Paused, null);

    private async Task RunAsync()
    {
        await Task.Yield();
        Exception? failure = null;
        try
        {
            await ExecuteAsync();
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception error)
        {
            failure = error;
            TaskLog.Failed(_logger, Id, error.Message, error);
        }

        try
        {
            await CloseAsync(failure);
            await Inner.StopAsync();
        }
        catch (Exception error)
        {
            TaskLog.CloseFailed(_logger, Id, error.Message, error);
        }

        if (_isLeftBehind) return;
        if (failure is not null) _listener.OnState(Id, RunState.Failed, failure);
        else _listener.OnState(Id, RunState.Unassigned, null);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
