using System.Text.RegularExpressions;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>What members of groups do with any cluster.</summary>
public abstract class GroupContract(IClusterUnderTest cluster)
{
    [Fact]
    public async Task A_group_goes_on_where_it_committed()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(2);
        var group = ClusterAddress.NewName("group");
        await ProduceAsync(address, topic, 0, 20);
        await using (var first = address.NewConsumer(group, options => options with { EnableAutoCommit = false, MaxPollRecords = 5 }))
        {
            first.Subscribe([topic]);
            var polled = await first.PollAsync(TimeSpan.FromSeconds(20), Until.TooLate);
            Assert.Equal(5, polled.Count);
            await first.CommitAsync(Until.TooLate);
        }

        await using var second = address.NewConsumer(group);
        second.Subscribe([topic]);
        Assert.Equal(15, (await ReadAsync(second, 15)).Distinct().Count());
        Assert.Empty(await second.PollAsync(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task Closing_commits_what_was_polled_when_commits_are_automatic()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(1);
        var group = ClusterAddress.NewName("group");
        await ProduceAsync(address, topic, 0, 10);
        await using (var consumer = address.NewConsumer(group))
        {
            consumer.Subscribe([topic]);
            await ReadAsync(consumer, 10);
        }

        await using var admin = address.NewAdmin();
        var offsets = await admin.ListGroupOffsetsAsync(new Dictionary<string, IReadOnlyCollection<TopicPartition>?> { [group] = null });
        Assert.Equal(10, offsets[group].Value[new TopicPartition(topic, 0)]!.Offset);
        var described = (await admin.DescribeConsumerGroupsAsync([group]))[group].Value;
        Assert.Equal(("Empty", 0), (described.State, described.Members.Count));
    }

    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("sticky")]
    [InlineData("cooperative-sticky")]
    public async Task Two_members_share_and_the_one_that_stays_gets_all(string strategy)
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(4);
        var group = ClusterAddress.NewName("group");
        ConsumerOptions Quick(ConsumerOptions options) => options with { AssignmentStrategies = [strategy], HeartbeatInterval = TimeSpan.FromMilliseconds(50), SessionTimeout = TimeSpan.FromSeconds(10) };
        await using var stays = address.NewConsumer(group, Quick);
        stays.Subscribe([topic]);
        await PollUntilAsync(() => stays.Assignment.Count == 4, stays);
        await using (var leaves = address.NewConsumer(group, Quick))
        {
            leaves.Subscribe([topic]);
            await PollUntilAsync(() => stays.Assignment.Count == 2 && leaves.Assignment.Count == 2, stays, leaves);
            Assert.Equal(4, stays.Assignment.Union(leaves.Assignment).Count());
        }

        await PollUntilAsync(() => stays.Assignment.Count == 4, stays);
    }

    [Fact]
    public async Task A_cooperative_member_keeps_what_it_need_not_give_up()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(4);
        var group = ClusterAddress.NewName("group");
        ConsumerOptions Quick(ConsumerOptions options) => options with { AssignmentStrategies = ["cooperative-sticky"], HeartbeatInterval = TimeSpan.FromMilliseconds(50), SessionTimeout = TimeSpan.FromSeconds(10) };
        var events = new RecordingListener();
        await using var first = address.NewConsumer(group, Quick);
        first.Subscribe([topic], events);
        await PollUntilAsync(() => first.Assignment.Count == 4, first);
        await using var second = address.NewConsumer(group, Quick);
        second.Subscribe([topic]);
        await PollUntilAsync(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
        Assert.Equal(4, events.Assigned.Count);
        Assert.Equal(2, events.Revoked.Count);
        Assert.Empty(events.Revoked.Intersect(first.Assignment));
    }

    [Fact]
    public async Task A_member_that_does_not_poll_in_time_leaves_and_joins_again_with_the_next_poll()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(4);
        var group = ClusterAddress.NewName("group");
        ConsumerOptions Quick(ConsumerOptions options) => options with { HeartbeatInterval = TimeSpan.FromMilliseconds(50), SessionTimeout = TimeSpan.FromSeconds(10) };
        var events = new RecordingListener();
        await using var busy = address.NewConsumer(group, options => Quick(options) with { MaxPollInterval = TimeSpan.FromSeconds(2) });
        busy.Subscribe([topic], events);
        await using var other = address.NewConsumer(group, Quick);
        other.Subscribe([topic]);
        await PollUntilAsync(() => busy.Assignment.Count == 2 && other.Assignment.Count == 2, busy, other);
        await PollUntilAsync(() => other.Assignment.Count == 4, other);
        Assert.Empty(events.Lost);
        await PollUntilAsync(() => events.Lost.Count == 2 && busy.Assignment.Count == 2 && other.Assignment.Count == 2, busy, other);
        Assert.Equal(4, busy.Assignment.Union(other.Assignment).Count());
    }

    [Fact]
    public async Task A_static_member_stays_in_the_group_when_it_closes()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(1);
        var group = ClusterAddress.NewName("group");
        await using (var consumer = address.NewConsumer(group, options => options with { GroupInstanceId = "instance-1" }))
        {
            consumer.Subscribe([topic]);
            await PollUntilAsync(() => consumer.Assignment.Count == 1, consumer);
        }

        await using var admin = address.NewAdmin();
        var member = Assert.Single((await admin.DescribeConsumerGroupsAsync([group]))[group].Value.Members);
        Assert.Equal("instance-1", member.GroupInstanceId);
        Assert.Equal([new TopicPartition(topic, 0)], member.Assignment);
        var removed = await admin.RemoveMembersFromGroupAsync(group, ["instance-1"]);
        Assert.True(removed["instance-1"].IsSuccess);
        Assert.Empty((await admin.DescribeConsumerGroupsAsync([group]))[group].Value.Members);
    }

    [Fact]
    public async Task A_pattern_takes_in_topics_that_come_later()
    {
        var address = await cluster.AddressAsync();
        var prefix = ClusterAddress.NewName("pattern");
        await using var admin = address.NewAdmin();
        _ = (await admin.CreateTopicsAsync([new NewTopic { Name = $"{prefix}-a", PartitionCount = 1, ReplicationFactor = 1 }]))[$"{prefix}-a"].Value;
        await using var consumer = address.NewConsumer(ClusterAddress.NewName("group"), options => options with { MetadataMaxAge = TimeSpan.FromMilliseconds(100) });
        consumer.Subscribe(new Regex($"^{prefix}-.*"));
        await PollUntilAsync(() => consumer.Assignment.Count == 1, consumer);
        _ = (await admin.CreateTopicsAsync([new NewTopic { Name = $"{prefix}-b", PartitionCount = 2, ReplicationFactor = 1 }]))[$"{prefix}-b"].Value;
        await PollUntilAsync(() => consumer.Assignment.Count == 3, consumer);
    }

    [Fact]
    public async Task Metadata_of_a_commit_is_kept()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await using var consumer = address.NewConsumer(ClusterAddress.NewName("group"));
        await consumer.CommitAsync(new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(7, -1, "noted") }, cancellationToken: Until.TooLate);
        Assert.Equal(new OffsetAndMetadata(7, -1, "noted"), (await consumer.CommittedAsync([partition]))[partition]);
        Assert.Null((await consumer.CommittedAsync([partition with { Partition = 5 }])).GetValueOrDefault(partition with { Partition = 5 }));
    }

    [Fact]
    public async Task A_member_that_was_removed_cannot_commit_and_joins_again()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(1);
        var group = ClusterAddress.NewName("group");
        await ProduceAsync(address, topic, 0, 3);
        var events = new RecordingListener();
        await using var consumer = address.NewConsumer(group, options => options with { EnableAutoCommit = false });
        consumer.Subscribe([topic], events);
        await ReadAsync(consumer, 3);
        await using var admin = address.NewAdmin();
        await admin.RemoveMembersFromGroupAsync(group, null);
        await Assert.ThrowsAsync<CommitFailedException>(() => consumer.CommitAsync(Until.TooLate));
        Assert.Equal(3, (await ReadAsync(consumer, 3)).Count);
        Assert.Equal([new TopicPartition(topic, 0)], events.Lost);
    }

    private static async Task ProduceAsync(ClusterAddress address, string topic, int partition, int count) =>
        await address.ProduceAsync(new TopicPartition(topic, partition), [.. Enumerable.Range(0, count).Select(number => ((string?)"key", (string?)$"{number}"))]);

    private static async Task<List<(int, long)>> ReadAsync(Consumer<string?, string?> consumer, int count)
    {
        var read = new List<(int, long)>();
        var deadline = Until.TooLate;
        while (read.Count < count) read.AddRange((await consumer.PollAsync(TimeSpan.FromSeconds(10), deadline)).Select(result => (result.Partition, result.Offset)));
        return read;
    }

    private static async Task PollUntilAsync(Func<bool> condition, params Consumer<string?, string?>[] consumers)
    {
        var deadline = Until.TooLate;
        while (!condition()) await Task.WhenAll(consumers.Select(consumer => consumer.PollAsync(TimeSpan.FromMilliseconds(50), deadline).AsTask()));
    }
}
