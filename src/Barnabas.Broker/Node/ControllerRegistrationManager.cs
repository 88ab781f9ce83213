using Barnabas.Metadata.Controller;
using Barnabas.Metadata.Image;
using Barnabas.Metadata.Publishing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Node;

/// <summary>
/// Keeps this controller's endpoints and features in the metadata (KIP-919), where admin clients with bootstrap.controllers look for them.
/// Registers as soon as the metadata version knows such registrations, and again where the metadata tells of another incarnation.
/// Told of metadata on the loader's thread; registers on a loop of its own, started by <see cref="Start"/> and ended by <see cref="StopAsync"/>.
/// </summary>
internal sealed class ControllerRegistrationManager(ControllerRegistrationRequest registration, IController controller, TimeProvider time, ILogger logger)
    : IMetadataPublisher
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0);
    private volatile bool _wanted;
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync();

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <summary>Whether the metadata holds this registration, or is of a version that knows none.</summary>
    public bool IsDone(MetadataImage image) =>
        !image.Features.SupportsControllerRegistration
        || (image.Cluster.Controllers.TryGetValue(registration.ControllerId, out var known) && known.IncarnationId == registration.IncarnationId);

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        var wasWanted = _wanted;
        // Before the loop is woken, which looks at it.
        _wanted = !IsDone(image);
        if (_wanted && !wasWanted)
            _wake.Release();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_stopping.Token);
                while (_wanted && !await TryRegisterAsync())
                    await Task.Delay(RetryDelay, time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryRegisterAsync()
    {
        try
        {
            var response = await controller.RegisterControllerAsync(ControllerRequestContext.Internal, registration, _stopping.Token);
            if (response.ErrorCode != ErrorCode.None)
                throw new KafkaException(response.ErrorCode, response.ErrorMessage ?? ErrorCodes.Message(response.ErrorCode));
            return true;
        }
        catch (KafkaException e)
        {
            BrokerLog.ControllerRegistrationFailed(logger, registration.ControllerId, e);
            return false;
        }
    }
}
