using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>What kafka-reassign-partitions --generate proposes: replicas spread over brokers, and over racks where all brokers name theirs.</summary>
internal sealed class ReassignmentProposal(AdminClient admin, bool isRackAware)
{
    public async Task<int> PrintAsync(VerbContext context, string topicsFile, string brokerList)
    {
        var brokers = brokerList.Split(',').Select(text => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id : throw new VerbException($"Invalid broker id '{text}' in --broker-list")).ToList();
        if (brokers.Distinct().Count() != brokers.Count)
            throw new VerbException($"Broker list contains duplicate entries: {string.Join(",", brokers.GroupBy(b => b).Where(g => g.Count() > 1).Select(g => g.Key))}");
        var topics = Topics(topicsFile);
        var described = await admin.DescribeTopicsAsync(topics, cancellationToken: context.Stop);
        var racks = await RacksAsync(context, brokers);
        var current = new List<Reassignment>();
        var proposed = new List<Reassignment>();
        var shift = 0;
        foreach (var topic in topics)
        {
            var partitions = described[topic].Value.Partitions;
            foreach (var partition in partitions)
                current.Add(Assigned(new TopicPartition(topic, partition.Partition), [.. partition.Replicas.Select(r => r.Id)]));
            if (partitions[0].Replicas.Count > brokers.Count)
                throw new VerbException(string.Create(CultureInfo.InvariantCulture, $"Replication factor: {partitions[0].Replicas.Count} larger than available brokers: {brokers.Count}"));
            foreach (var partition in partitions)
                proposed.Add(Assigned(new TopicPartition(topic, partition.Partition), Spread(racks, partition.Replicas.Count, shift++)));
        }
        context.Out.WriteLine($"Current partition replica assignment\n{Reassignment.Write(current)}\n");
        context.Out.WriteLine($"Proposed partition reassignment configuration\n{Reassignment.Write(proposed)}");
        return 0;
    }

    private static Reassignment Assigned(TopicPartition partition, IReadOnlyList<int> replicas) => new(partition, replicas, [.. replicas.Select(_ => Reassignment.AnyDirectory)]);

    /// <summary>The next broker leads; the others follow in the order in which racks take turns.</summary>
    private static List<int> Spread(List<(int Id, string? Rack)> brokers, int count, int shift)
    {
        var order = Enumerable.Range(0, brokers.Count).Select(i => brokers[(shift + i) % brokers.Count]).ToList();
        var chosen = new List<(int Id, string? Rack)> { order[0] };
        while (chosen.Count < count)
        {
            var left = order.Except(chosen).ToList();
            chosen.Add(left.MinBy(b => b.Rack is null ? 0 : chosen.Count(c => c.Rack == b.Rack)));
        }
        return [.. chosen.Select(c => c.Id)];
    }

    private async Task<List<(int Id, string? Rack)>> RacksAsync(VerbContext context, List<int> brokers)
    {
        var nodes = (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).Nodes.ToDictionary(n => n.Id);
        if (brokers.FirstOrDefault(b => !nodes.ContainsKey(b), -1) is >= 0 and var unknown)
            throw new VerbException($"Unknown broker id {unknown}");
        var named = brokers.Count(b => nodes[b].Rack is not null);
        if (isRackAware && named > 0 && named < brokers.Count)
            throw new VerbException("Not all brokers have rack information. Add --disable-rack-aware in command line to make replica assignment without rack information.");
        return [.. brokers.Select(b => (b, isRackAware ? nodes[b].Rack : null))];
    }

    private static List<string> Topics(string path)
    {
        using var document = PartitionFile.Open(path);
        try
        {
            var topics = document.RootElement.GetProperty("topics").EnumerateArray().Select(t => t.GetProperty("topic").GetString()!).ToList();
            return topics.Distinct().Count() == topics.Count ? topics : throw new VerbException($"List of topics to reassign contains duplicate entries: {string.Join(",", topics.GroupBy(t => t).Where(g => g.Count() > 1).Select(g => g.Key))}");
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException)
        {
            throw new VerbException($"{path} names no topics: {error.Message}");
        }
    }
}
