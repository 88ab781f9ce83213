using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Publishing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Storage;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>
/// This broker's membership: registers with the controller, keeps the registration alive by heartbeats, reports failed log directories.
/// Runs one loop, started by <see cref="StartAsync"/> and ended by <see cref="StopAsync"/>.
/// </summary>
internal sealed class BrokerLifecycle(
    BrokerRegistrationRequest registration, TimeSpan heartbeatInterval, IController controller, MetadataLoader loader, LogManager logs, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _unfenced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _wake = new(0);
    private Task _running = Task.CompletedTask;
    private long _epoch = -1;

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
        _running = RunAsync();
        await _unfenced.Task;
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
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var isFenced = await SendAsync();
                if (!isFenced)
                    _unfenced.TrySetResult();
                // A fenced broker is let in once it has read its own registration: look again soon.
                await WaitAsync(isFenced ? TimeSpan.FromMilliseconds(5) : heartbeatInterval);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
            catch (KafkaException e)
            {
                BrokerLog.HeartbeatFailed(logger, e);
                await Task.Delay(heartbeatInterval, time);
            }
        }
        _unfenced.TrySetCanceled();
    }

    private async Task<bool> SendAsync()
    {
        var request = new BrokerHeartbeatRequest
        {
            BrokerId = registration.BrokerId,
            BrokerEpoch = BrokerEpoch,
            CurrentMetadataOffset = loader.LastAppliedOffset,
            OfflineLogDirs = [.. logs.Directories.Where(d => d.State.IsOffline && d.Id != Uuid.Zero).Select(d => d.Id)],
            CordonedLogDirs = loader.Image.Features.SupportsCordonedDirectories ? [.. logs.CordonedDirectories.Select(d => d.Id)] : null,
        };
        var response = await controller.BrokerHeartbeatAsync(ControllerRequestContext.Internal, request, _stopping.Token);
        return response.ErrorCode == ErrorCode.None ? response.IsFenced : throw new KafkaException(response.ErrorCode);
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
