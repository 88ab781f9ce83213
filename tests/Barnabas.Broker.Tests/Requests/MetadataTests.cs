using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Requests;

public sealed class MetadataTests
{
    [Fact]
    public async Task Every_version_names_the_broker_and_the_topic()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, partitions: 2);
        for (short version = 0; version <= 13; version++)
        {
            var response = await words.Raw.CallAsync(new MetadataRequest { Topics = [new() { Name = "words" }] }, version);

            Assert.Equal(broker.BootstrapServers, $"{response.Brokers[0].Host}:{response.Brokers[0].Port}");
            Assert.Equal(2, Assert.Single(response.Topics).Partitions.Count);
            Assert.All(response.Topics[0].Partitions, p => Assert.Equal(1, p.LeaderId));
            if (version >= 2)
                Assert.Equal(broker.ClusterId, response.ClusterId);
        }
    }

    [Fact]
    public async Task No_topics_means_all_in_version_0_and_none_later()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        Assert.Single((await words.Raw.CallAsync(new MetadataRequest { Topics = [] }, 0)).Topics);
        Assert.Empty((await words.Raw.CallAsync(new MetadataRequest { Topics = [] }, 1)).Topics);
        Assert.Single((await words.Raw.CallAsync(new MetadataRequest { Topics = null }, 1)).Topics);
    }

    [Fact]
    public async Task A_missing_topic_is_created_where_request_and_broker_allow_it()
    {
        await using var broker = await Brokers.StartAsync(("num.partitions", "3"));
        await using var raw = await RawClient.ConnectAsync(broker);

        var refused = await raw.CallAsync(new MetadataRequest { Topics = [new() { Name = "new" }], AllowAutoTopicCreation = false }, 9);
        var created = await raw.CallAsync(new MetadataRequest { Topics = [new() { Name = "new" }], AllowAutoTopicCreation = true }, 9);

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, refused.Topics[0].ErrorCode);
        Assert.Equal((ErrorCode.None, 3), (created.Topics[0].ErrorCode, created.Topics[0].Partitions.Count));
    }

    [Fact]
    public async Task A_missing_topic_stays_missing_where_the_broker_does_not_create()
    {
        await using var broker = await Brokers.StartAsync(("auto.create.topics.enable", "false"));
        await using var raw = await RawClient.ConnectAsync(broker);

        var response = await raw.CallAsync(new MetadataRequest { Topics = [new() { Name = "new" }] }, 9);

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, response.Topics[0].ErrorCode);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("..")]
    [InlineData("ümlaut")]
    public async Task An_illegal_name_is_invalid(string name)
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        Assert.Equal(ErrorCode.InvalidTopicException, (await raw.CallAsync(new MetadataRequest { Topics = [new() { Name = name }] }, 9)).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Topics_are_described_page_by_page()
    {
        await using var broker = await Brokers.StartAsync();
        await using var a = await TopicClient.CreateAsync(broker, "a", partitions: 3);
        await using var b = await TopicClient.CreateAsync(broker, "b", partitions: 2);
        List<(string?, int)> seen = [];
        DescribeTopicPartitionsResponse response;
        DescribeTopicPartitionsRequest request = new() { ResponsePartitionLimit = 2 };
        do
        {
            response = await a.Raw.CallAsync(request, 0);
            foreach (var topic in response.Topics)
                seen.AddRange(topic.Partitions.Select(p => (topic.Name, p.PartitionIndex)));
            request.Cursor = response.NextCursor is { } next ? new() { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex } : null;
        }
        while (response.NextCursor is not null);

        Assert.Equal([("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1)], seen);
    }

    [Fact]
    public async Task The_group_coordinator_is_found_alone_and_in_a_batch()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        var single = await raw.CallAsync(new FindCoordinatorRequest { Key = "g" }, 0);
        var batch = await raw.CallAsync(new FindCoordinatorRequest { CoordinatorKeys = ["g", "h"] }, 4);

        Assert.Equal((ErrorCode.None, 1), (single.ErrorCode, single.NodeId));
        Assert.Equal(["g", "h"], batch.Coordinators.Select(c => c.Key));
        Assert.All(batch.Coordinators, c => Assert.Equal(broker.BootstrapServers, $"{c.Host}:{c.Port}"));
    }

    [Fact]
    public async Task A_topics_configuration_is_described_with_source_and_synonyms()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, configs: ("max.message.bytes", "1234"));
        var request = new DescribeConfigsRequest { IncludeSynonyms = true };
        request.Resources.Add(new() { ResourceType = 2, ResourceName = "words", ConfigurationKeys = ["max.message.bytes"] });

        var entry = Assert.Single((await words.Raw.CallAsync(request, 4)).Results[0].Configs);

        Assert.Equal(("1234", (sbyte)1), (entry.Value, entry.ConfigSource));
        Assert.Contains(entry.Synonyms, s => s.Name == "message.max.bytes");
    }
}
