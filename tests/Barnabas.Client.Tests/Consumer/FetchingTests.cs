using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Tests.Consumer;

/// <summary>What a consumer makes of fetch responses that no healthy broker sends often.</summary>
public sealed class FetchingTests
{
    private static readonly TopicPartition Partition = new("t", 0);

    [Fact]
    public async Task Aborted_transactions_and_control_records_are_not_seen_by_readers_of_committed_records()
    {
        await using var mock = await MockBroker.StartAsync();
        var records = Batches.Join(
            Batches.Of(0, "plain"),
            Batches.Transactional(1, 10, "aborted-1"),
            Batches.Transactional(2, 20, "committed-1"),
            Batches.Marker(3, 10, isCommit: false),
            Batches.Transactional(4, 10, "committed-2"),
            Batches.Marker(5, 20, isCommit: true),
            Batches.Marker(6, 10, isCommit: true),
            Batches.Of(7, "last"));
        Serve(mock, records, [new FetchResponse.AbortedTransaction { ProducerId = 10, FirstOffset = 1 }]);
        await using var committed = NewConsumer(mock, options => options with { IsolationLevel = IsolationLevel.ReadCommitted });
        Assert.Equal(["plain", "committed-1", "committed-2", "last"], await ReadAsync(committed, 4));
        Assert.Equal(8, await committed.PositionAsync(Partition));

        await using var uncommitted = NewConsumer(mock, options => options);
        Assert.Equal(["plain", "aborted-1", "committed-1", "committed-2", "last"], await ReadAsync(uncommitted, 5));
    }

    [Fact]
    public async Task A_fetch_in_the_middle_of_a_batch_delivers_from_there()
    {
        await using var mock = await MockBroker.StartAsync();
        Serve(mock, Batches.Of(0, "a", "b", "c", "d"), null);
        await using var consumer = NewConsumer(mock, options => options);
        consumer.Seek(Partition, 2);
        Assert.Equal(["c", "d"], await ReadAsync(consumer, 2));
    }

    [Fact]
    public async Task A_corrupt_batch_reaches_the_caller_with_its_place_after_what_came_before_it()
    {
        await using var mock = await MockBroker.StartAsync();
        var bad = Batches.Of(1, "bad");
        bad[^1] ^= 1;
        Serve(mock, Batches.Join(Batches.Of(0, "good"), bad), null);
        await using var consumer = NewConsumer(mock, options => options);
        Assert.Equal(["good"], await ReadAsync(consumer, 1));
        var error = await Assert.ThrowsAsync<KafkaException>(() => consumer.PollAsync(TimeSpan.FromSeconds(10)).AsTask());
        Assert.Equal(ErrorCode.CorruptMessage, error.ErrorCode);
        Assert.Contains("t-0", error.Message, StringComparison.Ordinal);
        consumer.Seek(Partition, 2);
        Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task A_record_that_cannot_be_deserialized_is_delivered_with_its_error_and_the_next_ones_follow()
    {
        await using var mock = await MockBroker.StartAsync();
        Serve(mock, Batches.Of(0, "1234", "not four", "5678"), null);
        await using var consumer = new Consumer<object?, int>(Options(mock), Deserializers.Ignore, Deserializers.Int32, mock.Environment);
        consumer.Assign([Partition]);
        var results = await consumer.PollAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(3, results.Count);
        Assert.Null(results[0].Error);
        Assert.Equal((1, Partition), (results[1].Error!.Offset, results[1].Error!.Partition));
        Assert.Throws<RecordDeserializationException>(() => results[1].Value);
        Assert.Null(results[2].Error);
    }

    [Fact]
    public async Task With_stop_on_errors_the_position_stays_at_the_record_that_cannot_be_deserialized()
    {
        await using var mock = await MockBroker.StartAsync();
        Serve(mock, Batches.Of(0, "1234", "not four", "5678"), null);
        await using var consumer = new Consumer<object?, int>(Options(mock) with { StopOnDeserializationError = true }, Deserializers.Ignore, Deserializers.Int32, mock.Environment);
        consumer.Assign([Partition]);
        Assert.Single(await consumer.PollAsync(TimeSpan.FromSeconds(10)));
        var error = await Assert.ThrowsAsync<RecordDeserializationException>(() => consumer.PollAsync(TimeSpan.FromSeconds(10)).AsTask());
        Assert.Equal(1, error.Offset);
        consumer.Seek(Partition, 2);
        Assert.Equal(2, Assert.Single(await consumer.PollAsync(TimeSpan.FromSeconds(10))).Offset);
    }

    [Fact]
    public async Task A_session_that_the_node_forgot_is_started_anew()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1);
        var fetches = 0;
        ServeOffsets(mock);
        mock.On<FetchRequest>((request, _) => Interlocked.Increment(ref fetches) switch
        {
            1 => new FetchResponse { SessionId = 5, Responses = [Response(Batches.Of(0, "a"), null)] },
            2 when request.SessionEpoch == 1 => new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound },
            3 when request is { SessionId: 0, SessionEpoch: 0, Topics.Count: 1 } => new FetchResponse { SessionId = 6, Responses = [Response(Batches.Of(1, "b"), null)] },
            _ => new FetchResponse { SessionId = 6 },
        });
        await using var consumer = NewConsumer(mock, options => options);
        Assert.Equal(["a", "b"], await ReadAsync(consumer, 2));
    }

    [Fact]
    public async Task Positions_outside_the_log_are_told_when_no_policy_says_what_to_do()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1);
        mock.On<FetchRequest>((_, _) => new FetchResponse { Responses = [Response(null, null, ErrorCode.OffsetOutOfRange)] });
        await using var consumer = NewConsumer(mock, options => options with { AutoOffsetReset = OffsetReset.None });
        consumer.Seek(Partition, 100);
        var error = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => consumer.PollAsync(TimeSpan.FromSeconds(10)).AsTask());
        Assert.Equal((100, Partition), (error.Offset, error.Partition));
    }

    [Fact]
    public async Task A_position_without_offset_and_policy_is_told()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1);
        await using var consumer = NewConsumer(mock, options => options with { AutoOffsetReset = OffsetReset.None });
        await Assert.ThrowsAsync<NoOffsetForPartitionException>(() => consumer.PollAsync(TimeSpan.FromSeconds(10)).AsTask());
    }

    [Fact]
    public async Task Disposing_does_not_hang_on_a_node_that_never_answers()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1);
        ServeOffsets(mock);
        mock.On<FetchRequest>((_, _) => null);
        var consumer = NewConsumer(mock, options => options);
        Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(200)));
        await consumer.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => consumer.PollAsync(TimeSpan.Zero).AsTask());
    }

    [Fact]
    public async Task A_poll_can_be_cancelled_and_a_second_one_at_the_same_time_is_refused()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1);
        ServeOffsets(mock);
        mock.On<FetchRequest>((_, _) => null);
        await using var consumer = NewConsumer(mock, options => options);
        using var cancel = new CancellationTokenSource();
        var waiting = consumer.PollAsync(TimeSpan.FromMinutes(5), cancel.Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => consumer.PollAsync(TimeSpan.Zero).AsTask());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static void Serve(MockBroker mock, byte[] records, List<FetchResponse.AbortedTransaction>? aborted)
    {
        mock.WithTopic("t", 1);
        ServeOffsets(mock);
        mock.On<FetchRequest>((request, _) =>
        {
            var offset = request.Topics.SelectMany(topic => topic.Partitions).Select(partition => (long?)partition.FetchOffset).FirstOrDefault();
            var end = Barnabas.Protocol.Records.RecordBatches.Enumerate(records);
            long next = 0;
            foreach (var batch in end) next = batch.NextOffset;
            // Sessions are declined, so every request names its offsets.
            return offset < next ? new FetchResponse { Responses = [Response(records, aborted)] } : new FetchResponse();
        });
    }

    private static void ServeOffsets(MockBroker mock) => mock.On<ListOffsetsRequest>((request, _) => new ListOffsetsResponse
    {
        Topics = [.. request.Topics.Select(topic => new ListOffsetsResponse.ListOffsetsTopicResponse
        {
            Name = topic.Name,
            Partitions = [.. topic.Partitions.Select(partition => new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = partition.PartitionIndex, Offset = 0, LeaderEpoch = 1 })],
        })],
    });

    private static FetchResponse.FetchableTopicResponse Response(byte[]? records, List<FetchResponse.AbortedTransaction>? aborted, ErrorCode error = ErrorCode.None) => new()
    {
        Topic = "t",
        TopicId = new Uuid(77, 1),
        Partitions = [new FetchResponse.PartitionData { ErrorCode = error, HighWatermark = 100, Records = records ?? Array.Empty<byte>(), AbortedTransactions = aborted }],
    };

    private static ConsumerOptions Options(MockBroker mock) => new() { BootstrapServers = [mock.BootstrapServer], AutoOffsetReset = OffsetReset.Earliest };

    private static Consumer<object?, string?> NewConsumer(MockBroker mock, Func<ConsumerOptions, ConsumerOptions> change)
    {
        var consumer = new Consumer<object?, string?>(change(Options(mock)), Deserializers.Ignore, Deserializers.Utf8, mock.Environment);
        consumer.Assign([Partition]);
        return consumer;
    }

    private static async Task<List<string?>> ReadAsync(Consumer<object?, string?> consumer, int count)
    {
        var values = new List<string?>();
        var deadline = Until.TooLate;
        while (values.Count < count) values.AddRange((await consumer.PollAsync(TimeSpan.FromSeconds(10), deadline)).Select(result => result.Value));
        return values;
    }
}
