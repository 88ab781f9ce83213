using Barnabas.Client.Admin;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>What an admin client does with any cluster.</summary>
public abstract class AdminContract(IClusterUnderTest cluster)
{
    [Fact]
    public async Task Topics_are_created_listed_described_and_deleted_by_name_and_by_id()
    {
        var address = await cluster.AddressAsync();
        await using var admin = address.NewAdmin();
        var (one, two) = (ClusterAddress.NewName("one"), ClusterAddress.NewName("two"));
        var created = await admin.CreateTopicsAsync([new NewTopic { Name = one, PartitionCount = 3, ReplicationFactor = 1 }, new NewTopic { Name = two }], cancellationToken: Until.TooLate);
        Assert.Equal((3, 1), (created[one].Value.PartitionCount, created[one].Value.ReplicationFactor));
        Assert.Equal(1, created[two].Value.PartitionCount);
        await ClusterAddress.AppearAsync(admin, one, 3);
        await ClusterAddress.AppearAsync(admin, two, 1);
        Assert.Subset((await admin.ListTopicsAsync()).Select(topic => topic.Name).ToHashSet(), new HashSet<string> { one, two });

        var described = (await admin.DescribeTopicsAsync([one, "missing"], partitionLimitPerResponse: 2));
        Assert.Equal([0, 1, 2], described[one].Value.Partitions.Select(partition => partition.Partition));
        Assert.NotNull(described[one].Value.Partitions[0].Leader);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, described["missing"].Error!.ErrorCode);
        var id = described[one].Value.TopicId;
        Assert.Equal(one, (await admin.DescribeTopicsAsync([id]))[id].Value.Name);

        var again = (await admin.CreateTopicsAsync([new NewTopic { Name = one }]))[one].Error!;
        Assert.Equal((ErrorCode.TopicAlreadyExists, $"Topic '{one}' already exists."), (again.ErrorCode, again.Message));
        Assert.True((await admin.DeleteTopicsAsync([id]))[id].IsSuccess);
        Assert.True((await admin.DeleteTopicsAsync([two]))[two].IsSuccess);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await admin.DeleteTopicsAsync([two]))[two].Error!.ErrorCode);
    }

    [Fact]
    public async Task A_validated_topic_is_not_created_and_an_invalid_one_is_explained()
    {
        var address = await cluster.AddressAsync();
        await using var admin = address.NewAdmin();
        var name = ClusterAddress.NewName("validated");
        Assert.True((await admin.CreateTopicsAsync([new NewTopic { Name = name }], validateOnly: true))[name].IsSuccess);
        Assert.DoesNotContain(await admin.ListTopicsAsync(), topic => topic.Name == name);
        var refused = await admin.CreateTopicsAsync([new NewTopic { Name = name, PartitionCount = 0 }, new NewTopic { Name = "not valid" }]);
        Assert.Equal((ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value."), (refused[name].Error!.ErrorCode, refused[name].Error!.Message));
        Assert.Equal(ErrorCode.InvalidTopicException, refused["not valid"].Error!.ErrorCode);
    }

    [Fact]
    public async Task Partitions_are_added_and_never_taken_away()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(2);
        await using var admin = address.NewAdmin();
        Assert.True((await admin.CreatePartitionsAsync(new Dictionary<string, NewPartitions> { [topic] = new(5) }))[topic].IsSuccess);
        var limit = Until.TooLate;
        // The broker that is asked may learn of them a moment after the controller.
        while ((await admin.DescribeTopicsAsync([topic], cancellationToken: limit))[topic].Value.Partitions.Count is var count and not 5)
            Assert.False(limit.IsCancellationRequested, $"the topic still has {count} partitions");
        Assert.Equal(ErrorCode.InvalidPartitions, (await admin.CreatePartitionsAsync(new Dictionary<string, NewPartitions> { [topic] = new(1) }))[topic].Error!.ErrorCode);
    }

    [Fact]
    public async Task Configurations_are_set_appended_to_and_reset_one_by_one()
    {
        var address = await cluster.AddressAsync();
        var resource = new ConfigResource(ConfigResourceType.Topic, await address.NewTopicAsync(1, new Dictionary<string, string?> { ["retention.ms"] = "1000" }));
        await using var admin = address.NewAdmin();
        var retention = await ClusterAddress.ConfigAsync(admin, resource, "retention.ms", entry => entry.Source == ConfigEntrySource.DynamicTopicConfig);
        Assert.Equal("1000", retention.Value);
        Assert.NotEmpty(retention.Synonyms);
        Assert.True((await AlterAsync(admin, resource, new AlterConfig("retention.ms", AlterConfigOperation.Delete, null), new AlterConfig("cleanup.policy", AlterConfigOperation.Append, "compact"))).IsSuccess);
        Assert.NotEqual("1000", (await ClusterAddress.ConfigAsync(admin, resource, "retention.ms", entry => entry.Source == ConfigEntrySource.DefaultConfig)).Value);
        Assert.Equal("delete,compact", (await ClusterAddress.ConfigAsync(admin, resource, "cleanup.policy", entry => entry.Source == ConfigEntrySource.DynamicTopicConfig)).Value);
        Assert.Equal(ErrorCode.InvalidConfig, (await AlterAsync(admin, resource, new AlterConfig("retention.ms", AlterConfigOperation.Set, "soon"))).Error!.ErrorCode);
        var listed = await admin.ListConfigResourcesAsync([ConfigResourceType.Topic]);
        Assert.Contains(resource, listed);
    }

    [Fact]
    public async Task The_configuration_of_a_broker_comes_from_that_broker()
    {
        var address = await cluster.AddressAsync();
        await using var admin = address.NewAdmin();
        var node = (await admin.DescribeClusterAsync()).Nodes[0];
        var resource = new ConfigResource(ConfigResourceType.Broker, $"{node.Id}");
        var id = (await admin.DescribeConfigsAsync([resource]))[resource].Value.Single(entry => entry.Name == "node.id");
        Assert.Equal(($"{node.Id}", true), (id.Value, id.IsReadOnly));
    }

    [Fact]
    public async Task Offsets_are_listed_by_every_kind_and_records_deleted()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await address.ProduceAsync(partition, [("a", "0"), ("a", "1"), ("a", "2"), ("a", "3")], firstTimestamp: 100);
        await using var admin = address.NewAdmin();
        Assert.Equal(0, await OffsetAsync(admin, partition, OffsetSpec.Earliest));
        Assert.Equal(4, await OffsetAsync(admin, partition, OffsetSpec.Latest));
        Assert.Equal(3, await OffsetAsync(admin, partition, OffsetSpec.MaxTimestamp));
        Assert.Equal(2, await OffsetAsync(admin, partition, OffsetSpec.ForTimestamp(102)));
        Assert.Equal(-1, await OffsetAsync(admin, partition, OffsetSpec.ForTimestamp(200)));
        Assert.Equal(3, (await admin.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [partition] = 3 }))[partition].Value);
        Assert.Equal(3, await OffsetAsync(admin, partition, OffsetSpec.Earliest));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await admin.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [partition] = 100 }))[partition].Error!.ErrorCode);
    }

    [Fact]
    public async Task The_cluster_its_quorum_features_and_disks_are_described()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(1);
        await using var admin = address.NewAdmin();
        var described = await admin.DescribeClusterAsync();
        var node = Assert.Single(described.Nodes);
        Assert.Equal(node.Id, described.Controller!.Id);
        var quorum = await admin.DescribeMetadataQuorumAsync();
        Assert.Equal((node.Id, node.Id), (quorum.LeaderId, Assert.Single(quorum.Voters).ReplicaId));
        Assert.True(quorum.HighWatermark > 0);
        var features = await admin.DescribeFeaturesAsync();
        Assert.Contains("metadata.version", features.Finalized.Keys);
        var directories = (await admin.DescribeLogDirsAsync([node.Id]))[node.Id].Value;
        Assert.Contains(directories.Values, directory => directory.Replicas.ContainsKey(new TopicPartition(topic, 0)));
        Assert.Empty((await admin.DescribeProducersAsync([new TopicPartition(topic, 0)])).Values.Single().Value);
        Assert.Empty(await admin.ListPartitionReassignmentsAsync());
    }

    [Fact]
    public async Task Electing_a_leader_that_leads_already_is_not_needed()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await using var admin = address.NewAdmin();
        Assert.Equal(ErrorCode.ElectionNotNeeded, (await admin.ElectLeadersAsync(ElectionType.Preferred, [partition]))[partition].Error!.ErrorCode);
    }

    [Fact]
    public async Task Offsets_of_a_group_are_altered_listed_and_deleted_with_the_group()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(2), 0);
        var other = partition with { Partition = 1 };
        var group = ClusterAddress.NewName("admin-group");
        await using var admin = address.NewAdmin();
        var altered = await admin.AlterGroupOffsetsAsync(group, new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(5), [other] = new(6) });
        Assert.All(altered.Values, outcome => Assert.True(outcome.IsSuccess));
        var listing = (await admin.ListGroupsAsync([], [])).Single(one => one.GroupId == group);
        Assert.Equal(("Empty", "classic", true), (listing.State, listing.Type, listing.IsSimpleConsumerGroup));
        Assert.True((await admin.DeleteGroupOffsetsAsync(group, [other]))[other].IsSuccess);
        var offsets = (await admin.ListGroupOffsetsAsync(new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group] = null }))[group].Value;
        Assert.Equal(5, Assert.Single(offsets).Value!.Offset);
        Assert.True((await admin.DeleteGroupsAsync([group]))[group].IsSuccess);
        Assert.Equal(ErrorCode.GroupIdNotFound, (await admin.DeleteGroupsAsync([group]))[group].Error!.ErrorCode);
    }

    private static async Task<Outcome<Done>> AlterAsync(AdminClient admin, ConfigResource resource, params AlterConfig[] changes) =>
        (await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, IReadOnlyList<AlterConfig>> { [resource] = changes }))[resource];

    private static async Task<long> OffsetAsync(AdminClient admin, TopicPartition partition, OffsetSpec spec) =>
        (await admin.ListOffsetsAsync(new Dictionary<TopicPartition, OffsetSpec> { [partition] = spec }))[partition].Value.Offset;
}
