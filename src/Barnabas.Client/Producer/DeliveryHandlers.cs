using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

/// <summary>Completes the task that is the record's state.</summary>
internal sealed class TaskDelivery : IDeliveryHandler
{
    public static TaskDelivery Instance { get; } = new();

    public void OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
    {
        var completion = (TaskCompletionSource<DeliveryReport>)state!;
        if (error is null)
            completion.TrySetResult(report);
        else
            completion.TrySetException(new ProduceException(report.TopicPartition, error));
    }
}

/// <summary>Calls the delegate that is the record's state.</summary>
internal sealed class CallbackDelivery : IDeliveryHandler
{
    public static CallbackDelivery Instance { get; } = new();

    public void OnDelivery(in DeliveryReport report, KafkaException? error, object? state) =>
        ((Action<DeliveryReport, KafkaException?>)state!)(report, error);
}
