using System.Collections.Concurrent;
using Barnabas.Client.Metadata;
using Barnabas.Configuration;

namespace Barnabas.Client.Producer;

/// <summary>Partitioners to choose from by name or by hand.</summary>
public static class Partitioners
{
    private const string RoundRobinClass = "org.apache.kafka.clients.producer.RoundRobinPartitioner";

    /// <summary>Each record goes to the next partition that has a leader, whatever its key.</summary>
    public static IPartitioner RoundRobin() => new RoundRobinPartitioner();

    internal static IPartitioner? Parse(string? className) => className switch
    {
        null or "" => null,
        RoundRobinClass => new RoundRobinPartitioner(),
        _ => throw new ConfigException("partitioner.class", className, $"Class {className} could not be found."),
    };

    private sealed class RoundRobinPartitioner : IPartitioner
    {
        private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

        public int Partition(TopicMetadata topic, bool hasKey, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            var partitions = topic.Partitions;
            var counter = _counters.GetOrAdd(topic.Name, static _ => new Counter());
            for (var tried = 0; tried < partitions.Count; tried++)
            {
                var partition = partitions[(int)(counter.Next() % (uint)partitions.Count)];
                if (partition.LeaderId >= 0)
                    return partition.Partition;
            }
            return partitions[(int)(counter.Next() % (uint)partitions.Count)].Partition;
        }
    }

    private sealed class Counter
    {
        private int _value = -1;

        public uint Next() => (uint)Interlocked.Increment(ref _value);
    }
}
