using Barnabas.Broker.Purgatory;

namespace Barnabas.Broker.Sharing;

/// <summary>The wait of one share fetch: for appends to its partitions and for records that are given back. It begins with its making, so that nothing is missed.</summary>
internal sealed class ShareWait : IDisposable
{
    private readonly List<SharePartition> _partitions;
    private readonly DelayedFetch _delayed;

    public ShareWait(List<SharePartition> partitions, TimeSpan maxWait, TimeProvider time, CancellationToken connectionClosed)
    {
        _partitions = partitions;
        _delayed = new DelayedFetch(1, maxWait, time, connectionClosed);
        foreach (var partition in partitions)
        {
            partition.Partition.Watch(_delayed);
            partition.Watch(_delayed);
        }
    }

    /// <summary>Cancelled where the connection closed.</summary>
    public Task Completion => _delayed.Completion;

    public void Dispose()
    {
        foreach (var partition in _partitions)
        {
            partition.Partition.Unwatch(_delayed);
            partition.Unwatch(_delayed);
        }

        _delayed.Dispose();
    }
}
