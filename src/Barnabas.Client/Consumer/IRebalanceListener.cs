using Barnabas.Protocol;

namespace Barnabas.Client.Consumer;

/// <summary>Told when partitions come and go, inside the poll that brings it; the poll waits for it. Committing and seeking are allowed.</summary>
public interface IRebalanceListener
{
    /// <summary>These partitions are read from now on.</summary>
    ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken);

    /// <summary>These will be read by another member: the last moment to commit what was processed.</summary>
    ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken);

    /// <summary>These are read by another member already: committing fails.</summary>
    ValueTask OnPartitionsLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => OnPartitionsRevokedAsync(partitions, cancellationToken);
}
