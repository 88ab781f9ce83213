using Barnabas.Client.Producer;
using Barnabas.Protocol;

namespace Barnabas.Fms.Relaying;

/// <summary>Remembers the first output that was not delivered: nothing may be committed after it.</summary>
internal sealed class DeliveryWatch : IDeliveryHandler
{
    private KafkaException? _failure;

    public void OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
    {
        if (error is not null)
            Interlocked.CompareExchange(ref _failure, error, null);
    }

    /// <exception cref="KafkaException">Something was not delivered.</exception>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
            throw new KafkaException(failure.ErrorCode, $"an output was not delivered: {failure.Message}", failure);
    }
}
