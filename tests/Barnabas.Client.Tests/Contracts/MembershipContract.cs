using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>What members of groups with <c>group.protocol=consumer</c> do with any cluster.</summary>
public abstract class MembershipContract(IClusterUnderTest cluster)
{
    [Theory]
    [InlineData(null)]
    [InlineData("range")]
    [InlineData("uniform")]
    public async Task Two_members_share_and_the_one_that_stays_gets_all(string? assignor)
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(4);
        var group = ClusterAddress.NewName("members");
        var events = new RecordingListener();
        await using var stays = NewMember(address, group, options => options with { GroupRemoteAssignor = assignor });
        stays.Subscribe([topic], events);
        await PollUntilAsync(() => stays.Assignment.Count == 4, stays);
        await using (var leaves = NewMember(address, group))
        {
            leaves.Subscribe([topic]);
            await PollUntilAsync(() => stays.Assignment.Count == 2 && leaves.Assignment.Count == 2, stays, leaves);
            Assert.Equal(4, stays.Assignment.Union(leaves.Assignment).Count());
            Assert.Equal(2, events.Revoked.Count);
        }

        await PollUntilAsync(() => stays.Assignment.Count == 4, stays);
        Assert.Equal(6, events.Assigned.Count);
        Assert.Empty(events.Lost);
        Assert.True(stays.GenerationId > 0);
    }

    [Fact]
    public async Task A_group_goes_on_where_it_committed()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(2);
        var group = ClusterAddress.NewName("members");
        await ProduceAsync(address, topic, 0, 20);
        await using (var first = NewMember(address, group, options => options with { EnableAutoCommit = false, MaxPollRecords = 5 }))
        {
            first.Subscribe([topic]);
            Assert.Equal(5, (await ReadAsync(first, 5)).Count);
            await first.CommitAsync(Until.TooLate);
        }

        await using var second = NewMember(address, group);
        second.Subscribe([topic]);
        Assert.Equal(Enumerable.Range(5, 15).Select(number => (long)number), (await ReadAsync(second, 15)).Select(one => one.Offset).Order());
    }

    [Fact]
    public async Task Closing_commits_what_was_polled_and_leaves()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(1);
        var group = ClusterAddress.NewName("members");
        await ProduceAsync(address, topic, 0, 10);
        await using (var consumer = NewMember(address, group))
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

    [Fact]
    public async Task Partitions_are_committed_before_they_go_to_another_member()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(2);
        var group = ClusterAddress.NewName("members");
        await ProduceAsync(address, topic, 0, 7);
        await ProduceAsync(address, topic, 1, 7);
        await using var first = NewMember(address, group, options => options with { AutoCommitInterval = TimeSpan.FromHours(1) });
        first.Subscribe([topic]);
        await ReadAsync(first, 14);
        await using var second = NewMember(address, group);
        second.Subscribe([topic]);
        var read = 0;
        var deadline = Until.TooLate;
        while (second.Assignment.Count < 1)
        {
            await first.PollAsync(TimeSpan.FromMilliseconds(50), deadline);
            read += (await second.PollAsync(TimeSpan.FromMilliseconds(50), deadline)).Count;
        }

        Assert.Equal(7, await second.PositionAsync(second.Assignment.Single(), cancellationToken: deadline));
        Assert.Equal(0, read);
    }

    [Fact]
    public async Task The_coordinator_matches_a_pattern_and_takes_in_topics_that_come_later()
    {
        var address = await cluster.AddressAsync();
        var prefix = ClusterAddress.NewName("matched");
        await using var admin = address.NewAdmin();
        _ = (await admin.CreateTopicsAsync([new NewTopic { Name = $"{prefix}-a", PartitionCount = 1, ReplicationFactor = 1 }]))[$"{prefix}-a"].Value;
        await using var consumer = NewMember(address, ClusterAddress.NewName("members"));
        consumer.Subscribe(new SubscriptionPattern($"{prefix}-[ab]"));
        await PollUntilAsync(() => consumer.Assignment.Count == 1, consumer);
        await ProduceAsync(address, $"{prefix}-a", 0, 3);
        Assert.Equal(3, (await ReadAsync(consumer, 3)).Count);
        consumer.Subscribe([$"{prefix}-a"]);
        await PollUntilAsync(() => consumer.Assignment.Count == 1, consumer);
        _ = (await admin.CreateTopicsAsync([new NewTopic { Name = $"{prefix}-b", PartitionCount = 2, ReplicationFactor = 1 }]))[$"{prefix}-b"].Value;
        // A pattern that is new to the group is matched at once; one that is known only every so often.
        consumer.Subscribe(new SubscriptionPattern($"{prefix}-.*"));
        await PollUntilAsync(() => consumer.Assignment.Count == 3, consumer);
    }

    [Fact]
    public async Task A_pattern_that_is_none_fails_every_poll()
    {
        var address = await cluster.AddressAsync();
        await using var consumer = NewMember(address, ClusterAddress.NewName("members"));
        consumer.Subscribe(new SubscriptionPattern("[a"));
        var error = await Assert.ThrowsAsync<KafkaException>(() => PollUntilAsync(() => false, consumer));
        Assert.Equal(ErrorCode.InvalidRegularExpression, error.ErrorCode);
        await Assert.ThrowsAsync<KafkaException>(async () => await consumer.PollAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task An_assignor_the_coordinator_does_not_know_fails_the_poll()
    {
        var address = await cluster.AddressAsync();
        await using var consumer = NewMember(address, ClusterAddress.NewName("members"), options => options with { GroupRemoteAssignor = "no-such" });
        consumer.Subscribe([await address.NewTopicAsync(1)]);
        var error = await Assert.ThrowsAsync<KafkaException>(() => PollUntilAsync(() => false, consumer));
        Assert.Equal(ErrorCode.UnsupportedAssignor, error.ErrorCode);
    }

    [Fact]
    public async Task A_member_that_does_not_poll_in_time_leaves_and_joins_again_with_the_next_poll()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(4);
        var group = ClusterAddress.NewName("members");
        var events = new RecordingListener();
        await using var busy = NewMember(address, group, options => options with { MaxPollInterval = TimeSpan.FromSeconds(2) });
        busy.Subscribe([topic], events);
        await using var other = NewMember(address, group);
        other.Subscribe([topic]);
        await PollUntilAsync(() => busy.Assignment.Count == 2 && other.Assignment.Count == 2, busy, other);
        var lost = busy.Assignment;
        await PollUntilAsync(() => other.Assignment.Count == 4, other);
        Assert.Empty(events.Lost);
        await PollUntilAsync(() => busy.Assignment.Count == 2 && other.Assignment.Count == 2, busy, other);
        Assert.Equal(lost, events.Lost);
        Assert.Equal(4, busy.Assignment.Union(other.Assignment).Count());
    }

    [Fact]
    public async Task A_static_member_comes_back_to_its_partitions_and_keeps_others_out()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(4);
        var group = ClusterAddress.NewName("members");
        var first = NewMember(address, group, options => options with { GroupInstanceId = "one" });
        first.Subscribe([topic]);
        await using var second = NewMember(address, group, options => options with { GroupInstanceId = "two" });
        second.Subscribe([topic]);
        await PollUntilAsync(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
        await using (var intruder = NewMember(address, group, options => options with { GroupInstanceId = "two" }))
        {
            intruder.Subscribe([topic]);
            var error = await Assert.ThrowsAsync<KafkaException>(() => PollUntilAsync(() => false, intruder));
            Assert.Equal(ErrorCode.UnreleasedInstanceId, error.ErrorCode);
        }

        var mine = first.Assignment;
        var others = second.Assignment;
        await first.DisposeAsync();
        await using var again = NewMember(address, group, options => options with { GroupInstanceId = "one" });
        again.Subscribe([topic]);
        await PollUntilAsync(() => again.Assignment.Count == 2, again, second);
        Assert.Equal(mine.OrderBy(one => one.Partition), again.Assignment.OrderBy(one => one.Partition));
        Assert.Equal(others.OrderBy(one => one.Partition), second.Assignment.OrderBy(one => one.Partition));
    }

    [Fact]
    public async Task A_member_that_was_removed_cannot_commit_and_joins_again()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(1);
        var group = ClusterAddress.NewName("members");
        await ProduceAsync(address, topic, 0, 3);
        var events = new RecordingListener();
        await using var consumer = NewMember(address, group, options => options with { EnableAutoCommit = false });
        consumer.Subscribe([topic], events);
        await ReadAsync(consumer, 3);
        var member = consumer.MemberId;
        await using var admin = address.NewAdmin();
        await admin.RemoveMembersFromGroupAsync(group, null);
        await Assert.ThrowsAsync<CommitFailedException>(() => consumer.CommitAsync(Until.TooLate));
        Assert.Equal(3, (await ReadAsync(consumer, 3)).Count);
        Assert.Equal([new TopicPartition(topic, 0)], events.Lost);
        Assert.Equal(member, consumer.MemberId);
    }

    [Fact]
    public async Task Who_unsubscribes_leaves_and_may_subscribe_again()
    {
        var address = await cluster.AddressAsync();
        var (one, two) = (await address.NewTopicAsync(2), await address.NewTopicAsync(3));
        var group = ClusterAddress.NewName("members");
        var events = new RecordingListener();
        await using var consumer = NewMember(address, group);
        consumer.Subscribe([one], events);
        await PollUntilAsync(() => consumer.Assignment.Count == 2, consumer);
        consumer.Subscribe([one, two], events);
        await PollUntilAsync(() => consumer.Assignment.Count == 5, consumer);
        await consumer.UnsubscribeAsync(Until.TooLate);
        Assert.Empty(consumer.Assignment);
        Assert.Equal(5, events.Revoked.Count);
        await using var admin = address.NewAdmin();
        Assert.Empty((await admin.DescribeConsumerGroupsAsync([group]))[group].Value.Members);
        consumer.Subscribe([two], events);
        await PollUntilAsync(() => consumer.Assignment.Count == 3, consumer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Members_that_come_and_go_never_share_a_partition_and_read_everything(int seed)
    {
        var address = await cluster.AddressAsync();
        var run = new ChangingGroup(address, seed);
        await run.RunAsync(TestContext.Current.CancellationToken);
        Assert.True(run.Violations.Count == 0, $"seed {seed}: {string.Join("; ", run.Violations)}");
        Assert.True(run.Missing.Count == 0, $"seed {seed}: {run.Missing.Count} records were read by nobody: {string.Join("; ", run.Missing)}");
    }

    internal static Consumer<string?, string?> NewMember(ClusterAddress address, string group, Func<ConsumerOptions, ConsumerOptions>? change = null) =>
        address.NewConsumer(group, options =>
        {
            options = options with { GroupProtocol = GroupProtocol.Consumer };
            return change?.Invoke(options) ?? options;
        });

    private static async Task ProduceAsync(ClusterAddress address, string topic, int partition, int count) =>
        await address.ProduceAsync(new TopicPartition(topic, partition), [.. Enumerable.Range(0, count).Select(number => ((string?)"key", (string?)$"{number}"))]);

    private static async Task<List<(int Partition, long Offset)>> ReadAsync(Consumer<string?, string?> consumer, int count)
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
