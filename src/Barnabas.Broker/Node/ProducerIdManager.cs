using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Node;

/// <summary>Hands out producer ids of the blocks that the controller gives this broker. Safe from any thread.</summary>
internal sealed class ProducerIdManager(int brokerId, Func<long> brokerEpoch, IController controller)
{
    private readonly SemaphoreSlim _refill = new(1, 1);
    private readonly Lock _lock = new();
    private long _next;
    private long _end;

    /// <summary>An id that nobody else gets.</summary>
    /// <exception cref="KafkaException">The controller gave no block.</exception>
    public async ValueTask<long> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var id))
                return id;
            await _refill.WaitAsync(cancellationToken);
            try
            {
                if (TryTake(out id))
                    return id;
                var block = await controller.AllocateProducerIdsAsync(
                    ControllerRequestContext.Internal, new AllocateProducerIdsRequest { BrokerId = brokerId, BrokerEpoch = brokerEpoch() }, cancellationToken);
                if (block.ErrorCode != ErrorCode.None)
                    throw new KafkaException(ErrorCode.CoordinatorLoadInProgress, $"The controller gave no producer ids: {ErrorCodes.Message(block.ErrorCode)}");
                lock (_lock)
                {
                    _next = block.ProducerIdStart;
                    _end = block.ProducerIdStart + block.ProducerIdLen;
                }
            }
            finally
            {
                _refill.Release();
            }
        }
    }

    private bool TryTake(out long id)
    {
        lock (_lock)
        {
            id = _next;
            if (_next == _end)
                return false;
            _next++;
            return true;
        }
    }
}
