using Barnabas.Broker.Replication;

namespace Barnabas.Broker.Telemetry;

/// <summary>What came and went by topic: read from the partitions, which count under locks they hold anyway. Failures are counted here.</summary>
internal sealed class TopicMetrics
{
    private long _failedProduceRequests;
    private long _failedFetchRequests;

    public long FailedProduceRequests => Interlocked.Read(ref _failedProduceRequests);

    public long FailedFetchRequests => Interlocked.Read(ref _failedFetchRequests);

    public void ProduceFailed() => Interlocked.Increment(ref _failedProduceRequests);

    public void FetchFailed() => Interlocked.Increment(ref _failedFetchRequests);

    public static SortedDictionary<string, TopicCounts> Read(IEnumerable<Partition> partitions)
    {
        var topics = new SortedDictionary<string, TopicCounts>(StringComparer.Ordinal);
        foreach (var partition in partitions)
        {
            var topic = partition.TopicPartition.Topic;
            topics[topic] = topics.GetValueOrDefault(topic).Plus(new TopicCounts(partition.Log.BytesAppended, partition.BytesOut, partition.Log.RecordsAppended));
        }
        return topics;
    }
}

/// <summary>Sums over partitions.</summary>
internal readonly record struct TopicCounts(long BytesIn, long BytesOut, long MessagesIn)
{
    public TopicCounts Plus(TopicCounts other) => new(BytesIn + other.BytesIn, BytesOut + other.BytesOut, MessagesIn + other.MessagesIn);
}
