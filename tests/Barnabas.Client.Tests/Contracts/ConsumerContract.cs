using Barnabas.Client.Consumer;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>What a consumer outside groups does with any cluster.</summary>
public abstract class ConsumerContract(IClusterUnderTest cluster)
{
    [Fact]
    public async Task Everything_is_read_in_order_per_partition()
    {
        var address = await cluster.AddressAsync();
        var topic = await address.NewTopicAsync(2);
        for (var batch = 0; batch < 5; batch++)
        {
            for (var partition = 0; partition < 2; partition++)
                await address.ProduceAsync(new TopicPartition(topic, partition), [.. Enumerable.Range(batch * 300, 300).Select(number => ((string?)$"k{partition}", (string?)$"{number}"))]);
        }

        await using var consumer = address.NewConsumer(null);
        consumer.Assign([new TopicPartition(topic, 0), new TopicPartition(topic, 1)]);
        var read = new List<ConsumeResult<string?, string?>>();
        while (read.Count < 3000)
        {
            var polled = await consumer.PollAsync(TimeSpan.FromSeconds(10), Until.TooLate);
            Assert.InRange(polled.Count, 1, 500);
            read.AddRange(polled);
        }

        foreach (var partition in read.GroupBy(result => result.Partition))
        {
            Assert.Equal(Enumerable.Range(0, 1500).Select(number => $"{number}"), partition.Select(result => result.Value));
            Assert.Equal(Enumerable.Range(0, 1500).Select(number => (long)number), partition.Select(result => result.Offset));
            Assert.All(partition, result => Assert.Equal($"k{result.Partition}", result.Key));
        }

        Assert.Equal(0, consumer.CurrentLag(new TopicPartition(topic, 0)));
        Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task Enumerating_moves_the_position_record_by_record()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await address.ProduceAsync(partition, [("a", "1"), ("b", "2"), ("c", "3")]);
        await using var consumer = address.NewConsumer(null);
        consumer.Assign([partition]);
        var seen = new List<string?>();
        await foreach (var result in consumer.ReadAllAsync(Until.TooLate))
        {
            Assert.Equal(result.Offset, await consumer.PositionAsync(partition));
            seen.Add(result.Value);
            if (seen.Count == 2) break;
        }

        Assert.Equal(["1", "2"], seen);
        Assert.Equal("2", (await consumer.PollAsync(TimeSpan.FromSeconds(10)))[0].Value);
    }

    [Fact]
    public async Task Seeking_moves_to_any_offset_and_to_both_ends()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await address.ProduceAsync(partition, [("a", "0"), ("a", "1"), ("a", "2"), ("a", "3")]);
        await using var consumer = address.NewConsumer(null);
        consumer.Assign([partition]);
        Assert.Equal(4, (await consumer.PollAsync(TimeSpan.FromSeconds(10))).Count);
        consumer.Seek(partition, 2);
        Assert.Equal(2, await consumer.PositionAsync(partition));
        Assert.Equal(["2", "3"], (await consumer.PollAsync(TimeSpan.FromSeconds(10))).Select(result => result.Value));
        consumer.SeekToBeginning(partition);
        Assert.Equal("0", (await consumer.PollAsync(TimeSpan.FromSeconds(10)))[0].Value);
        consumer.SeekToEnd(partition);
        Assert.Equal(4, await consumer.PositionAsync(partition));
        await address.ProduceAsync(partition, [("a", "4")]);
        Assert.Equal("4", Assert.Single(await consumer.PollAsync(TimeSpan.FromSeconds(10))).Value);
    }

    [Fact]
    public async Task A_paused_partition_gives_nothing_until_it_is_resumed()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await address.ProduceAsync(partition, [("a", "0"), ("a", "1")]);
        await using var consumer = address.NewConsumer(null, options => options with { MaxPollRecords = 1 });
        consumer.Assign([partition]);
        Assert.Single(await consumer.PollAsync(TimeSpan.FromSeconds(10)));
        consumer.Pause(partition);
        Assert.Equal([partition], consumer.Paused);
        Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(200)));
        consumer.Resume(partition);
        Assert.Equal("1", Assert.Single(await consumer.PollAsync(TimeSpan.FromSeconds(10))).Value);
    }

    [Fact]
    public async Task Offsets_are_found_by_time_and_at_both_ends()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await address.ProduceAsync(partition, [("a", "0"), ("a", "1"), ("a", "2")], firstTimestamp: 5000);
        await using var consumer = address.NewConsumer(null);
        Assert.Equal(0, (await consumer.BeginningOffsetsAsync([partition]))[partition]);
        Assert.Equal(3, (await consumer.EndOffsetsAsync([partition]))[partition]);
        Assert.Equal(1, (await consumer.OffsetsForTimesAsync(new Dictionary<TopicPartition, long> { [partition] = 5001 }))[partition]!.Offset);
        Assert.Null((await consumer.OffsetsForTimesAsync(new Dictionary<TopicPartition, long> { [partition] = 6000 }))[partition]);
    }

    [Fact]
    public async Task Positions_outside_the_log_go_where_the_policy_says()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        await address.ProduceAsync(partition, [("a", "0")]);
        await using var consumer = address.NewConsumer(null);
        consumer.Assign([partition]);
        consumer.Seek(partition, 1000);
        Assert.Equal("0", Assert.Single(await consumer.PollAsync(TimeSpan.FromSeconds(10))).Value);

        await using var strict = address.NewConsumer(null, options => options with { AutoOffsetReset = OffsetReset.None });
        strict.Assign([partition]);
        strict.Seek(partition, 1000);
        await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => strict.PollAsync(TimeSpan.FromSeconds(10)).AsTask());
    }

    [Fact]
    public async Task Whole_batches_can_be_read_without_copying()
    {
        var address = await cluster.AddressAsync();
        var partition = new TopicPartition(await address.NewTopicAsync(1), 0);
        for (var batch = 0; batch < 3; batch++) await address.ProduceAsync(partition, [("a", $"{batch}-0"), ("a", $"{batch}-1")]);
        await using var consumer = address.NewConsumer(null);
        consumer.Assign([partition]);
        consumer.Seek(partition, 1);
        var offsets = new List<long>();
        while (offsets.Count < 5)
        {
            using var batches = await consumer.PollBatchesAsync(TimeSpan.FromSeconds(10), Until.TooLate);
            Assert.NotNull(batches);
            foreach (var batch in batches)
            {
                foreach (ref readonly var record in batch.Records())
                {
                    if (record.Offset >= batches.FirstOffset) offsets.Add(record.Offset);
                }
            }
        }

        Assert.Equal([1L, 2L, 3L, 4L, 5L], offsets);
        Assert.Equal(6, await consumer.PositionAsync(partition));
    }
}
