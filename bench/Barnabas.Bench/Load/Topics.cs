using Barnabas.Bench.Systems;
using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Bench.Load;

/// <summary>Makes, counts and removes topics, and evicts their files from memory.</summary>
internal static class Topics
{
    private static long _next;

    /// <summary>Creates a topic under a name not used before.</summary>
    public static async Task<string> CreateAsync(BrokerProcess broker, int partitions, CancellationToken cancellationToken, params (string Key, string Value)[] configs)
    {
        var name = $"bench-{Interlocked.Increment(ref _next)}";
        await using var admin = Admin(broker);
        var topic = new NewTopic { Name = name, PartitionCount = partitions, ReplicationFactor = 1, Configs = configs.ToDictionary(c => c.Key, c => (string?)c.Value) };
        if ((await admin.CreateTopicsAsync([topic], cancellationToken: cancellationToken))[name].Error is { } error)
            throw error;
        return name;
    }

    /// <summary>Records between the first and the last offset of all partitions.</summary>
    public static async Task<long> CountAsync(BrokerProcess broker, string topic, int partitions, CancellationToken cancellationToken)
    {
        await using var admin = Admin(broker);
        var all = Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p)).ToList();
        var ends = await admin.ListOffsetsAsync(all.ToDictionary(p => p, _ => OffsetSpec.Latest), cancellationToken: cancellationToken);
        var starts = await admin.ListOffsetsAsync(all.ToDictionary(p => p, _ => OffsetSpec.Earliest), cancellationToken: cancellationToken);
        return all.Sum(p => ends[p].Value.Offset - starts[p].Value.Offset);
    }

    /// <exception cref="BenchException">The topic does not hold exactly that many records.</exception>
    public static async Task VerifyAsync(BrokerProcess broker, string topic, int partitions, long records, CancellationToken cancellationToken)
    {
        var count = await CountAsync(broker, topic, partitions, cancellationToken);
        if (count != records)
            throw new BenchException($"{count} records in {topic} on {broker.System.Name} where {records} were acknowledged");
    }

    public static async Task DeleteAsync(BrokerProcess broker, string topic, CancellationToken cancellationToken)
    {
        await using var admin = Admin(broker);
        if ((await admin.DeleteTopicsAsync([topic], cancellationToken: cancellationToken))[topic].Error is { } error)
            throw error;
    }

    /// <summary>Writes a topic's files out and has the kernel forget their pages, so that the next read comes from the disk.</summary>
    public static void Evict(BrokerProcess broker, string topic)
    {
        foreach (var folder in Directory.EnumerateDirectories(broker.DataFolder, topic + "-*"))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.log"))
                PageCache.Evict(file);
        }
    }

    public static AdminClient Admin(BrokerProcess broker) =>
        new(new AdminClientOptions { BootstrapServers = [broker.Bootstrap] }, ClientEnvironment.ForProgram());
}
