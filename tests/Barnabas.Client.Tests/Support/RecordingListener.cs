using Barnabas.Client.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Support;

/// <summary>Writes down what it is told.</summary>
internal sealed class RecordingListener : IRebalanceListener
{
    public List<TopicPartition> Assigned { get; } = [];

    public List<TopicPartition> Revoked { get; } = [];

    public List<TopicPartition> Lost { get; } = [];

    public ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        Assigned.AddRange(partitions);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        Revoked.AddRange(partitions);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnPartitionsLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        Lost.AddRange(partitions);
        return ValueTask.CompletedTask;
    }
}
