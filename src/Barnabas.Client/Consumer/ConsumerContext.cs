using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Consumer;

/// <summary>What the parts of one consumer share.</summary>
internal sealed class ConsumerContext(ConsumerOptions options, ClusterClient cluster, ILogger logger)
{
    private readonly Queue<Exception> _errors = new();

    public ConsumerOptions Options { get; } = options;
    public ClusterClient Cluster { get; } = cluster;
    public TimeProvider Time { get; } = cluster.Time;
    public ILogger Logger { get; } = logger;
    public SubscriptionState Subscription { get; } = new();
    public Signal Signal { get; } = new(cluster.Time);

    /// <summary>Cancelled when the consumer is disposed.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    /// <summary>The next poll throws it.</summary>
    public void Report(Exception error)
    {
        lock (_errors)
        {
            // A poll takes one at a time; a caller that never polls must not make us hold more and more.
            if (_errors.Count < 16) _errors.Enqueue(error);
        }

        Signal.Set();
    }

    public void ThrowReported()
    {
        Exception? error;
        lock (_errors) _errors.TryDequeue(out error);
        if (error is not null) throw error;
    }

    public void ForgetReported()
    {
        lock (_errors) _errors.Clear();
    }

    public long TimestampAfter(TimeSpan pause) => Time.GetTimestamp() + (long)(pause.TotalSeconds * Time.TimestampFrequency);

    /// <summary>No position, and no policy to find one.</summary>
    public void ResetOrReport(PartitionState state, Func<KafkaException> error)
    {
        if (Options.AutoOffsetReset == OffsetReset.None) Report(error());
        else state.RequestReset(Options.AutoOffsetReset);
    }
}
