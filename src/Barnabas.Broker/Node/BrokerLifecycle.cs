using Barnabas.Broker.Cache;
using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Publishing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>
/// This broker's membership: registers with the controller, keeps the registration alive by heartbeats, reports failed log directories,
/// and hands leadership over before it goes. Runs one loop, started by <see cref="StartAsync"/> and ended by <see cref="StopAsync"/>.
/// </summary>
internal sealed class BrokerLifecycle(
    BrokerRegistrationRequest registration, TimeSpan heartbeatInterval, IController controller, MetadataLoader loader, MetadataCache metadata, LogManager logs, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _unfenced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _wake = new(0);
    private Task _running = Task.CompletedTask;
    private long _epoch = -1;
    private volatile bool _wantsShutDown;

    /// <summary>The epoch of the registration; -1 before it.</summary>
    public long BrokerEpoch => Interlocked.Read(ref _epoch);

    /// <summary>Registers, and waits until the controller lets this broker serve.</summary>
    /// <exception cref="KafkaException">The controller refuses the broker.</exception>
    public async Task StartAsync()
    {
        var response = await controller.RegisterBrokerAsync(ControllerRequestContext.Internal, registration);
        if (response.ErrorCode != ErrorCode.None)
            throw new KafkaException(response.ErrorCode, $"The controller refuses broker {registration.BrokerId}: {ErrorCodes.Message(response.ErrorCode)}");
        Interlocked.Exchange(ref _epoch, response.BrokerEpoch);
        logs.DirectoryFailed += OnDirectoryFailed;
        // The controller lets a broker in that has read its own registration.
        await metadata.WaitAsync(image => image.Provenance.LastContainedOffset >= response.BrokerEpoch, Timeout.InfiniteTimeSpan, time);
        _running = RunAsync();
        await await Task.WhenAny(_unfenced.Task, _running);
    }

    /// <summary>Asks the controller to move leadership elsewhere, and waits until it lets this broker go.</summary>
    public async Task ShutDownAsync(TimeSpan patience)
    {
        _wantsShutDown = true;
        Wake();
        try
        {
            await Task.WhenAny(_mayGo.Task, _running).WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            BrokerLog.ControlledShutdownLate(logger, registration.BrokerId, (long)patience.TotalMilliseconds);
        }
    }

    public async Task StopAsync()
    {
        logs.DirectoryFailed -= OnDirectoryFailed;
        await _stopping.CancelAsync();
        await _running;
    }

    /// <summary>Tells the controller at once, rather than with the next heartbeat, that directories were closed or opened.</summary>
    public void Wake() => _wake.Release();

    private void OnDirectoryFailed(LogDirectory directory) => Wake();

    private async Task RunAsync()
    {
        var isShuttingDown = false;
        while (!_stopping.IsCancellationRequested && !_mayGo.Task.IsCompleted)
        {
            try
            {
                var wasShuttingDown = isShuttingDown;
                isShuttingDown = _wantsShutDown;
                var response = await SendAsync(isShuttingDown);
                if (response.ShouldShutDown && isShuttingDown)
                    _mayGo.TrySetResult();
                else if (!response.IsFenced)
                    _unfenced.TrySetResult();
                // The first such heartbeat moved the leaders away, so that the next may be answered with leave to go.
                if (isShuttingDown && !wasShuttingDown)
                    continue;
                await WaitAsync(response.IsFenced ? RetryInterval : heartbeatInterval);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
            catch (KafkaException e)
            {
                BrokerLog.HeartbeatFailed(logger, e);
                await WaitAsync(heartbeatInterval);
            }
        }
        _unfenced.TrySetCanceled();
    }

    private async Task<BrokerHeartbeatResponse> SendAsync(bool wantsShutDown)
    {
        var request = new BrokerHeartbeatRequest
        {
            BrokerId = registration.BrokerId,
            BrokerEpoch = BrokerEpoch,
            CurrentMetadataOffset = loader.LastAppliedOffset,
            WantShutDown = wantsShutDown,
            OfflineLogDirs = [.. logs.Directories.Where(d => d.State.IsOffline && d.Id != Uuid.Zero).Select(d => d.Id)],
            CordonedLogDirs = loader.Image.Features.SupportsCordonedDirectories ? [.. logs.CordonedDirectories.Select(d => d.Id)] : null,
        };
        var response = await controller.BrokerHeartbeatAsync(ControllerRequestContext.Internal, request, _stopping.Token);
        return response.ErrorCode == ErrorCode.None ? response : throw new KafkaException(response.ErrorCode);
    }

    private async Task WaitAsync(TimeSpan interval)
    {
        using var due = new CancellationTokenSource(interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, _stopping.Token);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Due, or stopping: the loop looks.
        }
    }
}
