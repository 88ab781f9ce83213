using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Consumer.Sharing;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using TextConsumer = Barnabas.Client.Consumer.Sharing.ShareConsumer<string?, string?>;
using TextResult = Barnabas.Client.Consumer.Sharing.ShareConsumeResult<string?, string?>;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>What members of share groups see (KIP-932).</summary>
public abstract class ShareContract(IClusterUnderTest cluster)
{
    [Fact]
    public async Task The_next_poll_accepts_what_the_last_one_returned()
    {
        var (address, partition, group) = await StartAsync();
        await using (var consumer = NewConsumer(address, group))
        {
            consumer.Subscribe([partition.Topic]);
            var records = await ReadAsync(consumer, 3);
            Assert.Equal(["0", "1", "2"], records.Select(result => result.Record.Value));
            Assert.All(records, result => Assert.Equal(1, result.DeliveryCount));
            Assert.Equal(new Dictionary<TopicPartition, KafkaException?> { [partition] = null }, await consumer.CommitAsync(Until.TooLate));
            Assert.Empty(await consumer.CommitAsync(Until.TooLate));
            Assert.Throws<InvalidOperationException>(() => consumer.Acknowledge(records[0]));
        }

        await address.ProduceAsync(partition, [(null, "3")]);
        await using var next = NewConsumer(address, group);
        next.Subscribe([partition.Topic]);
        Assert.Equal("3", Assert.Single(await ReadAsync(next, 1)).Record.Value);
    }

    [Fact]
    public async Task Released_records_come_again_and_rejected_ones_do_not()
    {
        var (address, partition, group) = await StartAsync();
        await using var consumer = NewConsumer(address, group, ShareAcknowledgementMode.Explicit);
        var told = new List<long>();
        consumer.AcknowledgementsCommitted = (_, offsets, error) => told.AddRange(error is null ? offsets : []);
        consumer.Subscribe([partition.Topic]);
        var records = await ReadAsync(consumer, 3);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await consumer.PollAsync(TimeSpan.Zero));
        consumer.Acknowledge(records[0], AcknowledgeType.Reject);
        // Until it is sent, the last word counts.
        consumer.Acknowledge(records[0]);
        consumer.Acknowledge(records[1], AcknowledgeType.Release);
        consumer.Acknowledge(partition, records[2].Record.Offset, AcknowledgeType.Reject);
        var again = Assert.Single(await ReadAsync(consumer, 1));
        Assert.Equal(("1", 2), (again.Record.Value, again.DeliveryCount));
        Assert.Equal([0L, 1L, 2L], told);
        consumer.Acknowledge(again);
        Assert.Throws<InvalidOperationException>(() => consumer.Acknowledge(records[0]));
    }

    [Fact]
    public async Task A_commit_in_the_background_goes_out_without_a_poll_and_is_told_of_later()
    {
        var (address, partition, group) = await StartAsync();
        await using var consumer = NewConsumer(address, group, ShareAcknowledgementMode.Explicit);
        var told = new List<(TopicPartition, long)>();
        consumer.AcknowledgementsCommitted = (of, offsets, error) => told.AddRange(error is null ? offsets.Select(offset => (of, offset)) : []);
        consumer.Subscribe([partition.Topic]);
        var records = await ReadAsync(consumer, 3);
        // One after the other, also while the one before and the fetch of the poll are under way.
        foreach (var record in records)
        {
            consumer.Acknowledge(record, record == records[2] ? AcknowledgeType.Release : AcknowledgeType.Accept);
            consumer.CommitInBackground();
        }

        await using var other = NewConsumer(address, group);
        other.Subscribe([partition.Topic]);
        var again = Assert.Single(await ReadAsync(other, 1));
        Assert.Equal(("2", 2), (again.Record.Value, again.DeliveryCount));
        Assert.Empty(await consumer.CommitAsync(Until.TooLate));
        Assert.Equal([(partition, 0), (partition, 1), (partition, 2)], told);
    }

    [Fact]
    public async Task A_renewed_record_comes_with_the_next_poll_and_is_still_to_be_acknowledged()
    {
        var (address, partition, group) = await StartAsync();
        await using var consumer = NewConsumer(address, group, ShareAcknowledgementMode.Explicit);
        consumer.Subscribe([partition.Topic]);
        var records = await ReadAsync(consumer, 3);
        consumer.Acknowledge(records[0]);
        consumer.Acknowledge(records[1], AcknowledgeType.Renew);
        consumer.Acknowledge(records[2]);
        await address.ProduceAsync(partition, [(null, "3")]);
        var renewed = Assert.Single(await consumer.PollAsync(TimeSpan.FromSeconds(10), Until.TooLate));
        Assert.Equal(("1", 1), (renewed.Record.Value, renewed.DeliveryCount));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await consumer.PollAsync(TimeSpan.Zero));
        consumer.Acknowledge(renewed);
        var next = Assert.Single(await ReadAsync(consumer, 1));
        Assert.Equal("3", next.Record.Value);
        consumer.Acknowledge(next);
        Assert.All((await consumer.CommitAsync(Until.TooLate)).Values, Assert.Null);
    }

    [Fact]
    public async Task Disposal_sends_what_was_acknowledged_and_gives_back_the_rest()
    {
        var (address, partition, group) = await StartAsync();
        await using (var consumer = NewConsumer(address, group, ShareAcknowledgementMode.Explicit))
        {
            consumer.Subscribe([partition.Topic]);
            consumer.Acknowledge((await ReadAsync(consumer, 3))[1]);
        }

        await using var next = NewConsumer(address, group);
        next.Subscribe([partition.Topic]);
        var left = await ReadAsync(next, 2);
        Assert.Equal(["0", "2"], left.Select(result => result.Record.Value));
        Assert.All(left, result => Assert.Equal(2, result.DeliveryCount));
        await using var admin = address.NewAdmin();
        Assert.Single((await admin.DescribeShareGroupsAsync([group]))[group].Value.Members);
    }

    [Fact]
    public async Task A_poll_returns_no_more_records_than_asked_for_and_members_get_different_ones()
    {
        var (address, partition, group) = await StartAsync();
        await address.ProduceAsync(partition, [.. Enumerable.Range(3, 7).Select(number => ((string?)null, (string?)$"{number}"))]);
        await using var first = NewConsumer(address, group, change: options => options with { MaxPollRecords = 4 });
        await using var second = NewConsumer(address, group, change: options => options with { MaxPollRecords = 2, ShareAcquireMode = ShareAcquireMode.RecordLimit });
        first.Subscribe([partition.Topic]);
        second.Subscribe([partition.Topic]);
        var seen = new List<string?>();
        var deadline = Until.TooLate;
        while (seen.Count < 10)
        {
            var mine = await first.PollAsync(TimeSpan.FromMilliseconds(100), deadline);
            var others = await second.PollAsync(TimeSpan.FromMilliseconds(100), deadline);
            Assert.InRange(mine.Count, 0, 4);
            Assert.InRange(others.Count, 0, 2);
            seen.AddRange(mine.Concat(others).Select(result => result.Record.Value));
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"{number}"), seen.Order());
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_given_back_with_its_error()
    {
        var (address, partition, group) = await StartAsync(["not a number"]);
        await using (var consumer = new ShareConsumer<string?, int>(OptionsOf(address, group), Deserializers.Utf8, Deserializers.Int32, address.Environment))
        {
            consumer.Subscribe([partition.Topic]);
            var deadline = Until.TooLate;
            IReadOnlyList<ShareConsumeResult<string?, int>> records = [];
            while (records.Count == 0) records = await consumer.PollAsync(TimeSpan.FromSeconds(1), deadline);
            Assert.NotNull(records[0].Record.Error);
            await consumer.CommitAsync(deadline);
        }

        await using var text = NewConsumer(address, group);
        text.Subscribe([partition.Topic]);
        Assert.Equal(("not a number", 2), Assert.Single(await ReadAsync(text, 1)) is var again ? (again.Record.Value, again.DeliveryCount) : default);
    }

    private static async Task<List<TextResult>> ReadAsync(TextConsumer consumer, int count)
    {
        var records = new List<TextResult>();
        var until = Until.TooLate;
        while (records.Count < count) records.AddRange(await consumer.PollAsync(TimeSpan.FromSeconds(1), until));
        return records;
    }

    private static ConsumerOptions OptionsOf(ClusterAddress address, string group) => new() { BootstrapServers = [address.BootstrapServers], GroupId = group };

    private static TextConsumer NewConsumer(
        ClusterAddress address, string group, ShareAcknowledgementMode mode = ShareAcknowledgementMode.Implicit, Func<ConsumerOptions, ConsumerOptions>? change = null)
    {
        var options = OptionsOf(address, group) with { ShareAcknowledgementMode = mode };
        return new(change?.Invoke(options) ?? options, Deserializers.Utf8, Deserializers.Utf8, address.Environment);
    }

    private async Task<(ClusterAddress Address, TopicPartition Partition, string Group)> StartAsync(IReadOnlyList<string>? values = null)
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await address.ProduceAsync(partition, [.. (values ?? ["0", "1", "2"]).Select(value => ((string?)null, (string?)value))]);
        var group = ClusterAddress.NewName("share");
        await using var admin = address.NewAdmin();
        var resource = new ConfigResource(ConfigResourceType.Group, group);
        var changes = await admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, IReadOnlyList<AlterConfig>> { [resource] = [new AlterConfig("share.auto.offset.reset", AlterConfigOperation.Set, "earliest")] }, cancellationToken: Until.TooLate);
        _ = changes[resource].Value;
        await ClusterAddress.ConfigAsync(admin, resource, "share.auto.offset.reset", entry => entry.Value == "earliest");
        return (address, partition, group);
    }
}
