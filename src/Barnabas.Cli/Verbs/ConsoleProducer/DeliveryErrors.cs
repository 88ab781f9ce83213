using Barnabas.Client.Producer;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>Tells which records were not delivered, and counts them.</summary>
internal sealed class DeliveryErrors(ILogger logger, string topic) : IDeliveryHandler
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
    {
        if (error is not null)
            Add(error, report.SerializedKeyBytes, report.SerializedValueBytes);
    }

    /// <summary>A record that the producer did not even take.</summary>
    public void Add(KafkaException error, in LineRecord record) => Add(error, record.Key?.Length ?? -1, record.Value?.Length ?? -1);

    private void Add(KafkaException error, int keyBytes, int valueBytes)
    {
        Interlocked.Increment(ref _count);
        ToolLog.DeliveryFailed(logger, topic, Size(keyBytes), Size(valueBytes), error.Message);
    }

    private static string Size(int bytes) => bytes < 0 ? "null" : $"{bytes} bytes";
}
