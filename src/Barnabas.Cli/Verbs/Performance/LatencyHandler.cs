using System.Collections.Concurrent;
using Barnabas.Client.Producer;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Measures how long each record took, with stamps that are used again and again.</summary>
internal sealed class LatencyHandler(PerformanceStats all, ILogger logger, TimeProvider time) : IDeliveryHandler
{
    private const int MostErrorsTold = 10;

    private readonly ConcurrentQueue<Stamp> _free = new();
    private long _errors;

    /// <summary>How many records were not delivered.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Marks that a record is sent now.</summary>
    public object Begin(PerformanceStats? steadyState)
    {
        if (!_free.TryDequeue(out var stamp))
            stamp = new Stamp();
        stamp.Start = time.GetTimestamp();
        stamp.SteadyState = steadyState;
        return stamp;
    }

    public void OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
    {
        var stamp = (Stamp)state!;
        if (error is null)
        {
            var latency = (int)time.GetElapsedTime(stamp.Start).TotalMilliseconds;
            all.Record(latency, report.SerializedValueBytes);
            stamp.SteadyState?.Record(latency, report.SerializedValueBytes);
        }
        else
        {
            Add(error, report.TopicPartition.Topic, report.SerializedValueBytes);
        }

        _free.Enqueue(stamp);
    }

    /// <summary>Counts a record that was not delivered; the first few are told.</summary>
    public void Add(KafkaException error, string topic, int bytes)
    {
        if (Interlocked.Increment(ref _errors) <= MostErrorsTold)
            ToolLog.DeliveryFailed(logger, topic, "null", $"{bytes} bytes", error.Message);
    }

    private sealed class Stamp
    {
        public long Start { get; set; }

        public PerformanceStats? SteadyState { get; set; }
    }
}
