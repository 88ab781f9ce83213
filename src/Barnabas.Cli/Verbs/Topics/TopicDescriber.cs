using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Topics;

/// <summary>kafka-topics --describe.</summary>
internal sealed class TopicDescriber(VerbContext context, AdminClient admin, TopicsOptions all, OptionSet options)
{
    private bool ReportsPartitionsOnly =>
        options.Has(all.Unavailable) || options.Has(all.UnderReplicated) || options.Has(all.UnderMinIsr) || options.Has(all.AtMinIsr);

    public async Task RunAsync()
    {
        var topics = await FindAsync();
        if (topics.Count == 0)
            return;
        var resources = topics.Select(topic => new ConfigResource(ConfigResourceType.Topic, topic.Name)).ToList();
        var configs = await admin.DescribeConfigsAsync(resources, cancellationToken: context.Stop);
        var live = (await admin.DescribeClusterAsync(cancellationToken: context.Stop)).Nodes.Select(node => node.Id).ToHashSet();
        var reassignments = await ReassignmentsAsync(topics);
        foreach (var topic in topics)
            Print(topic, configs[new ConfigResource(ConfigResourceType.Topic, topic.Name)].Value, live, reassignments);
    }

    private async Task<List<TopicDescription>> FindAsync()
    {
        if (options.ValueOf(all.TopicId) is { } idText)
        {
            if (!Uuid.TryParse(idText, out var id))
                throw new VerbException($"Input string `{idText}` decoded as 0 bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID");
            if (id != Uuid.Zero)
                return await FindByIdAsync(id);
        }

        var pattern = options.ValueOf(all.Topic);
        var names = await TopicsVerb.FindAsync(context, admin, pattern, options.Has(all.ExcludeInternal));
        if (names.Count == 0 && pattern is { Length: > 0 } && !options.Has(all.IfExists))
            throw new VerbException($"Topic '{pattern}' does not exist as expected");
        if (names.Count == 0)
            return [];
        var limit = options.Has(all.PartitionLimit) ? options.IntOf(all.PartitionLimit) : 2000;
        var described = await admin.DescribeTopicsAsync(names, partitionLimitPerResponse: limit, cancellationToken: context.Stop);
        return names.Select(name => described[name].Value).ToList();
    }

    private async Task<List<TopicDescription>> FindByIdAsync(Uuid id)
    {
        var listings = await admin.ListTopicsAsync(includeInternal: !options.Has(all.ExcludeInternal), cancellationToken: context.Stop);
        if (listings.All(listing => listing.TopicId != id))
            return options.Has(all.IfExists) ? [] : throw new VerbException($"TopicId '{id}' does not exist as expected");
        return [(await admin.DescribeTopicsAsync([id], cancellationToken: context.Stop))[id].Value];
    }

    private async Task<IReadOnlyDictionary<TopicPartition, PartitionReassignment>> ReassignmentsAsync(List<TopicDescription> topics)
    {
        var partitions = topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))).ToList();
        try
        {
            return await admin.ListPartitionReassignmentsAsync(partitions, cancellationToken: context.Stop);
        }
        catch (KafkaException error) when (error.ErrorCode is ErrorCode.UnsupportedVersion or ErrorCode.ClusterAuthorizationFailed)
        {
            // Who may not ask sees the topics without their moves.
            return new Dictionary<TopicPartition, PartitionReassignment>();
        }
    }

    private void Print(TopicDescription topic, IReadOnlyList<ConfigEntry> configs, HashSet<int> live, IReadOnlyDictionary<TopicPartition, PartitionReassignment> reassignments)
    {
        var overridden = configs.Where(entry => entry.Source != ConfigEntrySource.DefaultConfig).ToList();
        var partitions = topic.Partitions.OrderBy(partition => partition.Partition).ToList();
        if (context.Listing is { } listing)
        {
            List(listing, topic, overridden, partitions, configs, live, reassignments);
            return;
        }

        if (!ReportsPartitionsOnly && (!options.Has(all.WithOverrides) || overridden.Count > 0))
        {
            var id = topic.TopicId == Uuid.Zero ? "" : $"\tTopicId: {topic.TopicId}";
            var factor = ReplicationFactor(topic.Name, partitions[0], reassignments);
            context.Out.WriteLine($"Topic: {topic.Name}{id}\tPartitionCount: {partitions.Count}\tReplicationFactor: {factor}"
                + $"\tConfigs: {string.Join(',', overridden.Select(entry => $"{entry.Name}={entry.Value ?? "null"}"))}");
        }

        if (options.Has(all.WithOverrides))
            return;
        var minimum = MinimumOf(configs);
        foreach (var partition in partitions)
            if (Reports(topic.Name, partition, minimum, live, reassignments))
                PrintPartition(topic.Name, partition, reassignments);
    }

    private void List(
        JsonListing listing, TopicDescription topic, List<ConfigEntry> overridden, List<PartitionDescription> partitions, IReadOnlyList<ConfigEntry> configs, HashSet<int> live,
        IReadOnlyDictionary<TopicPartition, PartitionReassignment> reassignments)
    {
        var minimum = MinimumOf(configs);
        var shown = partitions.FindAll(partition => Reports(topic.Name, partition, minimum, live, reassignments));
        if (shown.Count == 0 || options.Has(all.WithOverrides) && overridden.Count == 0)
            return;
        listing.Add(json =>
        {
            json.WriteString("topic", topic.Name);
            json.WriteString("topicId", topic.TopicId.ToString());
            json.WriteNumber("partitionCount", partitions.Count);
            json.WriteNumber("replicationFactor", ReplicationFactor(topic.Name, partitions[0], reassignments));
            json.WriteStartObject("configs");
            foreach (var entry in overridden)
                json.WriteString(entry.Name, entry.Value);
            json.WriteEndObject();
            json.WriteStartArray("partitions");
            foreach (var partition in shown)
                PartitionJson.Write(json, partition);
            json.WriteEndArray();
        });
    }

    private static int MinimumOf(IReadOnlyList<ConfigEntry> configs) =>
        int.Parse(configs.First(entry => entry.Name == "min.insync.replicas").Value!, CultureInfo.InvariantCulture);

    private bool Reports(string topic, PartitionDescription partition, int minimum, HashSet<int> live, IReadOnlyDictionary<TopicPartition, PartitionReassignment> reassignments) =>
        !ReportsPartitionsOnly
        || options.Has(all.UnderReplicated) && ReplicationFactor(topic, partition, reassignments) > partition.InSyncReplicas.Count
        || options.Has(all.Unavailable) && (partition.Leader is null || !live.Contains(partition.Leader.Id))
        || options.Has(all.UnderMinIsr) && (partition.Leader is null || partition.InSyncReplicas.Count < minimum)
        || options.Has(all.AtMinIsr) && partition.InSyncReplicas.Count == minimum;

    private void PrintPartition(string topic, PartitionDescription partition, IReadOnlyDictionary<TopicPartition, PartitionReassignment> reassignments)
    {
        var moving = reassignments.TryGetValue(new TopicPartition(topic, partition.Partition), out var reassignment)
            ? $"\tAdding Replicas: {string.Join(',', reassignment.AddingReplicas)}\tRemoving Replicas: {string.Join(',', reassignment.RemovingReplicas)}"
            : "";
        context.Out.WriteLine($"\tTopic: {topic}\tPartition: {partition.Partition}\tLeader: {partition.Leader?.Id.ToString(CultureInfo.InvariantCulture) ?? "none"}"
            + $"\tReplicas: {Ids(partition.Replicas)}\tIsr: {Ids(partition.InSyncReplicas)}{moving}"
            + $"\tElr: {Ids(partition.EligibleLeaderReplicas)}\tLastKnownElr: {Ids(partition.LastKnownEligibleLeaderReplicas)}");
    }

    private static int ReplicationFactor(string topic, PartitionDescription partition, IReadOnlyDictionary<TopicPartition, PartitionReassignment> reassignments)
    {
        if (!reassignments.TryGetValue(new TopicPartition(topic, partition.Partition), out var reassignment))
            return partition.Replicas.Count;
        var changing = reassignment.AddingReplicas.Concat(reassignment.RemovingReplicas).ToHashSet();
        return partition.Replicas.Any(replica => changing.Contains(replica.Id))
            ? reassignment.Replicas.Count - reassignment.AddingReplicas.Count
            : partition.Replicas.Count;
    }

    private static string Ids(IReadOnlyList<Node>? nodes) =>
        nodes is null ? "N/A" : string.Join(',', nodes.Select(node => node.Id.ToString(CultureInfo.InvariantCulture)));
}
