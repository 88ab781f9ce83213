using Barnabas.Client.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>How long the consumer waited for its partitions, over all and since the last line of progress.</summary>
internal sealed class JoinTimes(TimeProvider time) : IRebalanceListener
{
    private long _start = time.GetTimestamp();

    public TimeSpan Total { get; private set; }

    public TimeSpan SinceReport { get; set; }

    public ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var elapsed = time.GetElapsedTime(_start);
        Total += elapsed;
        SinceReport += elapsed;
        return default;
    }

    public ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        _start = time.GetTimestamp();
        return default;
    }
}
