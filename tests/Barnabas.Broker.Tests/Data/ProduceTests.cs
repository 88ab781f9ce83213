using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Data;

public sealed class ProduceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task What_is_produced_is_fetched_with_consecutive_offsets(short acks)
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        Assert.Equal(0, (await words.ProduceAsync(Records.Batch("a", "b"), acks)).BaseOffset);
        Assert.Equal(2, (await words.ProduceAsync(Records.Batch("c"), acks)).BaseOffset);

        var fetched = await words.FetchAsync(0);
        Assert.Equal(["0:a", "1:b", "2:c"], Records.Values(fetched.Records));
        Assert.Equal(3, fetched.HighWatermark);
    }

    [Fact]
    public async Task Acks_0_has_no_response_and_the_next_request_finds_the_records()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        await words.Raw.SendAsync(TopicClient.ProduceRequest("words", Records.Batch("a"), acks: 0), 9);

        Assert.Equal(["0:a"], Records.Values((await words.FetchAsync(0)).Records));
    }

    [Fact]
    public async Task A_failed_produce_with_acks_0_closes_the_connection()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        await raw.SendAsync(TopicClient.ProduceRequest("nowhere", Records.Batch("a"), acks: 0), 9);

        Assert.Null(await raw.ReceiveFrameAsync());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task Acks_that_mean_nothing_are_refused(short acks)
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        Assert.Equal(ErrorCode.InvalidRequiredAcks, (await words.ProduceAsync(Records.Batch("a"), acks)).ErrorCode);
        Assert.Empty(Records.Values((await words.FetchAsync(0)).Records));
    }

    [Fact]
    public async Task An_unknown_partition_is_refused_alone()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        var request = TopicClient.ProduceRequest("words", Records.Batch("a"));
        request.TopicData[0].PartitionData.Add(new() { Index = 7, Records = Records.Batch("b") });

        var partitions = (await words.Raw.CallAsync(request, 9)).Responses[0].PartitionResponses;

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition], partitions.Select(p => p.ErrorCode));
    }

    [Fact]
    public async Task A_batch_with_a_flipped_bit_is_refused_as_corrupt()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        var batch = Records.Batch("a");
        batch[^1] ^= 1;

        Assert.Equal(ErrorCode.CorruptMessage, (await words.ProduceAsync(batch)).ErrorCode);
    }

    [Theory]
    [InlineData(2, 0, ErrorCode.UnsupportedForMessageFormat)]
    [InlineData(2, 1, ErrorCode.UnsupportedForMessageFormat)]
    [InlineData(9, 1, ErrorCode.InvalidRecord)]
    public async Task Message_formats_0_and_1_are_refused(short version, byte magic, ErrorCode expected)
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        var message = new byte[40];
        message[11] = 28;
        message[16] = magic;

        Assert.Equal(expected, (await words.ProduceAsync(message, version: version)).ErrorCode);
    }

    [Fact]
    public async Task A_batch_above_max_message_bytes_is_refused()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, configs: ("max.message.bytes", "100"));

        Assert.Equal(ErrorCode.MessageTooLarge, (await words.ProduceAsync(Records.Batch(new string('x', 200)))).ErrorCode);
    }

    [Fact]
    public async Task A_record_without_key_on_a_compacted_topic_is_named_in_the_answer()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, configs: ("cleanup.policy", "compact"));

        var refused = await words.ProduceAsync(Records.Idempotent(-1, -1, -1, "a"));

        Assert.Equal(ErrorCode.InvalidRecord, refused.ErrorCode);
        Assert.Equal(0, Assert.Single(refused.RecordErrors).BatchIndex);
    }

    [Fact]
    public async Task Log_append_time_is_told_and_written()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, configs: ("message.timestamp.type", "LogAppendTime"));

        var produced = await words.ProduceAsync(Records.Batch("a"));

        Assert.True(produced.LogAppendTimeMs > 0);
        Assert.Equal(produced.LogAppendTimeMs, (await words.ListOffsetAsync(-3)).Timestamp);
    }

    [Fact]
    public async Task An_idempotent_producer_that_sends_a_batch_again_gets_the_first_offset_and_no_second_record()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        var id = await words.Raw.CallAsync(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 1000 }, 4);
        Assert.Equal(ErrorCode.None, id.ErrorCode);

        Assert.Equal(0, (await words.ProduceAsync(Records.Idempotent(id.ProducerId, id.ProducerEpoch, 0, "a"))).BaseOffset);
        Assert.Equal(0, (await words.ProduceAsync(Records.Idempotent(id.ProducerId, id.ProducerEpoch, 0, "a"))).BaseOffset);
        var gap = await words.ProduceAsync(Records.Idempotent(id.ProducerId, id.ProducerEpoch, 5, "b"));

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, gap.ErrorCode);
        Assert.Equal(["0:a"], Records.Values((await words.FetchAsync(0)).Records));
    }

    [Fact]
    public async Task Producer_ids_are_never_given_twice()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);
        var seen = new HashSet<long>();
        for (var i = 0; i < 1100; i++)
            Assert.True(seen.Add((await raw.CallAsync(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 1000 }, 4)).ProducerId));
        await broker.RestartAsync();
        await using var again = await RawClient.ConnectAsync(broker);
        Assert.True(seen.Add((await again.CallAsync(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 1000 }, 4)).ProducerId));
    }

    [Fact]
    public async Task With_flush_messages_1_an_acknowledged_record_is_visible()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, configs: ("flush.messages", "1"));

        Assert.Equal(ErrorCode.None, (await words.ProduceAsync(Records.Batch("a"))).ErrorCode);

        Assert.Equal(["0:a"], Records.Values((await words.FetchAsync(0)).Records));
    }

    [Fact]
    public async Task A_topic_with_fewer_replicas_than_min_insync_replicas_is_content_with_all_of_them()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker, configs: ("min.insync.replicas", "2"));

        Assert.Equal(ErrorCode.None, (await words.ProduceAsync(Records.Batch("a"))).ErrorCode);
        Assert.Equal(ErrorCode.None, (await words.ProduceAsync(Records.Batch("a"), acks: 1)).ErrorCode);
    }

    [Fact]
    public async Task By_topic_id_produce_and_fetch_work_and_an_unknown_id_is_refused()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        var metadata = new MetadataRequest { Topics = [new() { Name = "words" }] };
        var id = (await words.Raw.CallAsync(metadata, 12)).Topics[0].TopicId;
        var request = TopicClient.ProduceRequest("", Records.Batch("a"));
        request.TopicData[0].TopicId = id;

        Assert.Equal(ErrorCode.None, (await words.Raw.CallAsync(request, 13)).Responses[0].PartitionResponses[0].ErrorCode);
        var fetch = words.FetchRequest(0);
        fetch.Topics[0].Topic = "";
        fetch.Topics[0].TopicId = id;
        Assert.Equal(["0:a"], Records.Values((await words.Raw.CallAsync(fetch, 17)).Responses[0].Partitions[0].Records));
        fetch.Topics[0].TopicId = new Uuid(4, 4);
        Assert.Equal(ErrorCode.UnknownTopicId, (await words.Raw.CallAsync(fetch, 17)).Responses[0].Partitions[0].ErrorCode);
    }
}
