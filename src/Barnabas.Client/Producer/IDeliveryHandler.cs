using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

/// <summary>
/// Is told what became of records, without a task for each. Called on the producer's sending loop, in order for each
/// partition: it must return soon and must not throw.
/// </summary>
public interface IDeliveryHandler
{
    /// <summary>A record was delivered, or failed for good.</summary>
    /// <param name="report">Where it is; for a failure, where it should have been.</param>
    /// <param name="error">Null when it was delivered.</param>
    /// <param name="state">What the caller gave with the record.</param>
    void OnDelivery(in DeliveryReport report, KafkaException? error, object? state);
}
