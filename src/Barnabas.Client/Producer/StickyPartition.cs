using Barnabas.Client.Metadata;

namespace Barnabas.Client.Producer;

/// <summary>
/// The partition that a topic's records without key go to (KIP-794): the same one until about a batch of bytes went
/// there, then another by chance, the more likely the shorter its queue. Thread-safe.
/// </summary>
internal sealed class StickyPartition(Random random, int batchBytes, bool adaptive)
{
    private const int MostOnStack = 256;
    private readonly Lock _gate = new();
    private volatile int _partition = -1;
    private long _producedBytes;

    public int Current(TopicMetadata topic, TopicQueues queues)
    {
        var current = _partition;
        if (current >= 0 && current < topic.Partitions.Count)
            return current;
        lock (_gate)
        {
            if (_partition < 0 || _partition >= topic.Partitions.Count)
                Switch(topic, queues);
            return _partition;
        }
    }

    /// <summary>Counts what went to a partition; a batch that was just completed is the moment to switch.</summary>
    public void Count(int partition, int bytes, bool batchCompleted, TopicMetadata topic, TopicQueues queues)
    {
        // Records that cross a switch may count for the next partition: it is about a batch, not exactly one.
        if (partition != _partition || !IsEnough(Interlocked.Add(ref _producedBytes, bytes), batchCompleted))
            return;
        lock (_gate)
        {
            if (partition == _partition && IsEnough(Volatile.Read(ref _producedBytes), batchCompleted))
                Switch(topic, queues);
        }
    }

    private bool IsEnough(long producedBytes, bool batchCompleted) => producedBytes >= batchBytes && (batchCompleted || producedBytes >= 2L * batchBytes);

    private void Switch(TopicMetadata topic, TopicQueues queues)
    {
        Volatile.Write(ref _producedBytes, 0);
        var partitions = topic.Partitions;
        var longest = 0;
        var available = 0;
        foreach (var partition in partitions)
        {
            if (partition.LeaderId < 0)
                continue;
            available++;
            if (adaptive)
                longest = Math.Max(longest, queues.Length(partition.Partition));
        }
        Span<int> weights = partitions.Count <= MostOnStack ? stackalloc int[MostOnStack] : new int[partitions.Count];
        long total = 0;
        for (var i = 0; i < partitions.Count; i++)
            total += weights[i] = Weight(partitions[i], queues, longest, available);
        long chosen;
        lock (random)
            chosen = random.NextInt64(total);
        var index = 0;
        while ((chosen -= weights[index]) >= 0)
            index++;
        _partition = partitions[index].Partition;
    }

    // Without any leader all partitions are as good: records wait for one.
    private int Weight(PartitionMetadata partition, TopicQueues queues, int longest, int available)
    {
        if (available == 0)
            return 1;
        if (partition.LeaderId < 0)
            return 0;
        return adaptive ? Math.Max(1, longest + 1 - queues.Length(partition.Partition)) : 1;
    }
}
