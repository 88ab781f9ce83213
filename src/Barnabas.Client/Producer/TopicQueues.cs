using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

/// <summary>The partition queues of one topic. Thread-safe.</summary>
internal sealed class TopicQueues(string topic, RecordAccumulator accumulator, StickyPartition sticky)
{
    private readonly Lock _gate = new();
    private PartitionQueue?[] _queues = [];
    private long _touchedMs = long.MinValue / 2;

    /// <summary>Callers that wait for metadata or memory. Who comes meanwhile lines up behind them.</summary>
    public CallerLine Line { get; } = new();

    public CompressionRatio CompressionRatio { get; } = new();

    public StickyPartition Sticky { get; } = sticky;

    public int Length(int partition)
    {
        var queues = Volatile.Read(ref _queues);
        return partition < queues.Length && queues[partition] is { } queue ? queue.Length : 0;
    }

    public PartitionQueue Get(int partition)
    {
        var queues = Volatile.Read(ref _queues);
        return partition < queues.Length && queues[partition] is { } queue ? queue : Create(partition);
    }

    /// <summary>True once every while: then metadata is told that the topic is in use.</summary>
    public bool ShouldTouch(long nowMs)
    {
        if (nowMs - Volatile.Read(ref _touchedMs) < 1000)
            return false;
        Volatile.Write(ref _touchedMs, nowMs);
        return true;
    }

    public void WaitForAppends()
    {
        lock (_gate)
        {
            foreach (var queue in _queues)
                queue?.WaitForAppend();
        }
    }

    private PartitionQueue Create(int partition)
    {
        lock (_gate)
        {
            if (partition >= _queues.Length)
            {
                var larger = new PartitionQueue?[Math.Max(partition + 1, _queues.Length * 2)];
                _queues.CopyTo(larger, 0);
                Volatile.Write(ref _queues, larger);
            }
            return _queues[partition] ??= new PartitionQueue(this, new TopicPartition(topic, partition), accumulator);
        }
    }
}
