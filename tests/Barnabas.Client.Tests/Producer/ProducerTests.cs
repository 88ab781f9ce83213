using System.Collections.Concurrent;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Tests.Producer;

public sealed class ProducerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_record_is_delivered_at_the_offset_that_is_reported(CompressionType type)
    {
        await using var broker = await ModelBroker.StartAsync();
        await using var producer = Create(broker, Options(broker) with { Compression = type });
        var deliveries = new List<Task<DeliveryReport>>();
        for (var i = 0; i < 5000; i++)
            deliveries.Add(producer.ProduceAsync(new("topic", $"key-{i % 50}", $"value-{i}"), Token));
        var reports = await Task.WhenAll(deliveries);
        for (var i = 0; i < reports.Length; i++)
        {
            Assert.Equal(Murmur2.PartitionForKey(System.Text.Encoding.UTF8.GetBytes($"key-{i % 50}"), 3), reports[i].TopicPartition.Partition);
            Assert.Equal($"value-{i}", broker.Values(reports[i].TopicPartition.Partition)[(int)reports[i].Offset]);
        }
        Assert.True(broker.ProduceRequests < 2500, $"{broker.ProduceRequests} requests for 5000 records");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task Whatever_fails_records_are_stored_once_and_in_order(int seed)
    {
        await using var broker = await ModelBroker.StartAsync();
        var chance = new Random(seed);
        broker.FaultOf = (_, _) => chance.Next(10) switch
        {
            0 => Fault.CutBefore,
            1 => Fault.CutAfter,
            2 => new Fault(ErrorCode.NotLeaderOrFollower),
            3 => new Fault(ErrorCode.NotEnoughReplicas),
            _ => Fault.None,
        };
        await using var producer = Create(broker, Options(broker) with { BatchSizeBytes = 300, Linger = TimeSpan.Zero }, seed);
        var deliveries = new List<Task<DeliveryReport>>();
        for (var i = 0; i < 3000; i++)
            deliveries.Add(producer.ProduceAsync(new("topic", null, $"{i}") { Partition = i % 3 }, Token));
        await Task.WhenAll(deliveries);
        for (var partition = 0; partition < 3; partition++)
        {
            var expected = Enumerable.Range(0, 1000).Select(i => (string?)$"{i * 3 + partition}");
            Assert.True(expected.SequenceEqual(broker.Values(partition)), $"seed {seed}, partition {partition}");
        }
    }

    // The loss of a connection may be told late, when batches behind it have long been stored through a new one.
    [Fact]
    public async Task No_more_batches_than_a_node_remembers_are_sent_past_one_whose_fate_is_unknown()
    {
        await using var broker = await ModelBroker.StartAsync();
        var isFirst = true;
        broker.FaultOf = (_, _) =>
        {
            var cuts = isFirst;
            isFirst = false;
            return cuts ? Fault.CutAfter : Fault.None;
        };
        using var slow = new SlowToTellOfClosing();
        var environment = broker.Environment() with { LoggerFactory = slow };
        await using var producer = new Producer<string?, string?>(Options(broker) with { BatchSizeBytes = 1, Linger = TimeSpan.Zero }, Serializers.Utf8, Serializers.Utf8, environment);
        var deliveries = new List<Task<DeliveryReport>> { producer.ProduceAsync(new("topic", null, "0") { Partition = 0 }, Token) };
        Assert.True(slow.Closing.Wait(TimeSpan.FromSeconds(20), Token));
        for (var i = 1; i < 20; i++)
            deliveries.Add(producer.ProduceAsync(new("topic", null, $"{i}") { Partition = 0 }, Token));
        SpinWait.SpinUntil(() => broker.Values(0).Count > 10, TimeSpan.FromMilliseconds(500));
        slow.Release.Set();
        await Task.WhenAll(deliveries);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (string?)$"{i}"), broker.Values(0));
        Assert.Equal(0, broker.Arrivals(0).Max(one => one.Epoch));
    }

    [Fact]
    public async Task A_gap_in_the_sequence_numbers_is_closed_by_a_new_epoch()
    {
        await using var broker = await ModelBroker.StartAsync();
        var failed = false;
        broker.FaultOf = (_, batch) =>
        {
            if (failed || batch.BaseSequence == 0)
                return Fault.None;
            failed = true;
            return new Fault(ErrorCode.InvalidRecord);
        };
        await using var producer = Create(broker, Options(broker) with { Linger = TimeSpan.Zero });
        await producer.ProduceAsync(new("topic", null, "first") { Partition = 0 }, Token);
        var refused = await Assert.ThrowsAsync<ProduceException>(() => producer.ProduceAsync(new("topic", null, "second") { Partition = 0 }, Token));
        Assert.Equal(ErrorCode.InvalidRecord, refused.ErrorCode);
        await producer.ProduceAsync(new("topic", null, "third") { Partition = 0 }, Token);
        Assert.Equal(["first", "third"], broker.Values(0));
        Assert.Equal((1, 0), (broker.Arrivals(0)[^1].Epoch, broker.Arrivals(0)[^1].BaseSequence));
    }

    [Fact]
    public async Task A_node_that_lost_earlier_records_is_met_with_a_new_epoch()
    {
        await using var broker = await ModelBroker.StartAsync();
        var answers = new Queue<ErrorCode>([ErrorCode.None, ErrorCode.OutOfOrderSequenceNumber, ErrorCode.UnknownProducerId]);
        broker.FaultOf = (_, _) => new Fault(answers.TryDequeue(out var error) ? error : ErrorCode.None);
        await using var producer = Create(broker, Options(broker) with { Linger = TimeSpan.Zero });
        await producer.ProduceAsync(new("topic", null, "first") { Partition = 0 }, Token);
        await producer.ProduceAsync(new("topic", null, "second") { Partition = 0 }, Token);
        Assert.Equal(["first", "second"], broker.Values(0));
        Assert.Equal([0, 0, 1, 2], broker.Arrivals(0).Select(one => (int)one.Epoch));
    }

    [Fact]
    public async Task A_batch_too_large_for_the_node_is_split_until_it_fits()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.MaxBatchBytes = 2000;
        await using var producer = Create(broker, Options(broker) with { BatchSizeBytes = 60_000, Linger = TimeSpan.FromMilliseconds(20) });
        var deliveries = new List<Task<DeliveryReport>>();
        for (var i = 0; i < 400; i++)
            deliveries.Add(producer.ProduceAsync(new("topic", null, $"{i}-{new string('x', 100)}") { Partition = 1 }, Token));
        var flush = producer.FlushAsync(Token);
        var reports = await Task.WhenAll(deliveries);
        await flush;
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), reports.Select(one => one.Offset));
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (string?)$"{i}-{new string('x', 100)}"), broker.Values(1));
    }

    [Fact]
    public async Task A_single_record_too_large_for_the_node_fails()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.MaxBatchBytes = 200;
        await using var producer = Create(broker, Options(broker));
        var refused = await Assert.ThrowsAsync<ProduceException>(() => producer.ProduceAsync(new("topic", null, new string('x', 500)), Token));
        Assert.Equal(ErrorCode.MessageTooLarge, refused.ErrorCode);
    }

    [Fact]
    public async Task A_duplicate_whose_first_answer_was_lost_counts_as_delivered()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.FaultOf = (_, _) => new Fault(ErrorCode.DuplicateSequenceNumber);
        await using var producer = Create(broker, Options(broker));
        Assert.Equal(-1, (await producer.ProduceAsync(new("topic", null, "value"), Token)).Offset);
    }

    [Fact]
    public async Task Records_that_the_node_names_fail_with_their_own_message_and_the_rest_with_them()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.FaultOf = (_, _) => new Fault(ErrorCode.InvalidRecord)
        {
            RecordErrors = [new ProduceResponse.BatchIndexAndErrorMessage { BatchIndex = 1, BatchIndexErrorMessage = "no key" }],
        };
        await using var producer = Create(broker, Options(broker) with { Linger = TimeSpan.FromSeconds(10) });
        // Both at once into one batch: a flush sends the first alone when the second still waits for metadata.
        await producer.PartitionsForAsync("topic", Token);
        Task<DeliveryReport>[] deliveries = [.. Enumerable.Range(0, 2).Select(i => producer.ProduceAsync(new("topic", null, $"{i}") { Partition = 0 }, Token))];
        await producer.FlushAsync(Token);
        Assert.StartsWith("Failed to append record because", (await Assert.ThrowsAsync<ProduceException>(() => deliveries[0])).Message);
        Assert.Equal("no key", (await Assert.ThrowsAsync<ProduceException>(() => deliveries[1])).Message);
    }

    [Fact]
    public async Task Without_acknowledgement_records_count_as_delivered_once_sent()
    {
        await using var broker = await ModelBroker.StartAsync();
        await using (var producer = Create(broker, Options(broker) with { Acks = Acks.None }))
        {
            Assert.Equal(-1, (await producer.ProduceAsync(new("topic", null, "value") { Partition = 2 }, Token)).Offset);
            Assert.False(producer.Options.IsIdempotent);
        }
        SpinWait.SpinUntil(() => broker.Values(2).Count == 1, TimeSpan.FromSeconds(10));
        Assert.Equal(["value"], broker.Values(2));
    }

    [Fact]
    public async Task One_request_at_a_time_keeps_order_without_sequence_numbers()
    {
        await using var broker = await ModelBroker.StartAsync();
        var chance = new Random(3);
        broker.FaultOf = (_, _) => chance.Next(3) == 0 ? new Fault(ErrorCode.NotEnoughReplicas) : Fault.None;
        await using var producer = Create(broker, Options(broker) with { EnableIdempotence = false, MaxInFlightRequests = 1, BatchSizeBytes = 200, Linger = TimeSpan.Zero });
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => producer.ProduceAsync(new("topic", null, $"{i}") { Partition = 0 }, Token)));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (string?)$"{i}"), broker.Values(0));
    }

    [Fact]
    public async Task Nodes_without_topic_ids_in_produce_get_names()
    {
        await using var broker = await ModelBroker.StartAsync(builder => builder.ProduceVersion = 7);
        await using var producer = Create(broker, Options(broker));
        Assert.Equal(0, (await producer.ProduceAsync(new("topic", null, "value") { Partition = 0 }, Token)).Offset);
    }

    [Fact]
    public async Task Records_without_key_stick_to_a_partition_for_a_batch_and_reach_all_in_time()
    {
        await using var broker = await ModelBroker.StartAsync();
        await using var producer = Create(broker, Options(broker) with { BatchSizeBytes = 1000, Linger = TimeSpan.FromMilliseconds(1) });
        var reports = await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => producer.ProduceAsync(new("topic", null, $"{i}"), Token)));
        Assert.Equal(3, reports.Select(one => one.TopicPartition.Partition).Distinct().Count());
        var changes = reports.Zip(reports.Skip(1)).Count(pair => pair.First.TopicPartition != pair.Second.TopicPartition);
        Assert.InRange(changes, 3, 300);
    }

    [Fact]
    public async Task Full_memory_makes_callers_wait_until_max_block()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.FaultOf = (_, _) => new Fault(ErrorCode.NotEnoughReplicas);
        await using var producer = Create(broker, Options(broker) with
        {
            BufferMemoryBytes = 20_000,
            BatchSizeBytes = 10_000,
            MaxBlock = TimeSpan.FromMilliseconds(200),
            CloseTimeout = TimeSpan.Zero,
        });
        await producer.EnqueueAsync(new("topic", null, new string('x', 9000)) { Partition = 0 }, (IDeliveryHandler?)null, cancellationToken: Token);
        await producer.EnqueueAsync(new("topic", null, new string('x', 9000)) { Partition = 1 }, (IDeliveryHandler?)null, cancellationToken: Token);
        var blocked = await Assert.ThrowsAsync<KafkaTimeoutException>(() => producer.ProduceAsync(new("topic", null, "value") { Partition = 2 }, Token));
        Assert.StartsWith("Failed to allocate 10000 bytes within the configured max blocking time 200 ms.", blocked.Message);
        using var cancelled = new CancellationTokenSource();
        var waiting = producer.ProduceAsync(new("topic", null, "value") { Partition = 2 }, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Memory_that_comes_back_goes_to_those_who_wait()
    {
        await using var broker = await ModelBroker.StartAsync();
        await using var producer = Create(broker, Options(broker) with { BufferMemoryBytes = 20_000, BatchSizeBytes = 5000, Linger = TimeSpan.FromMilliseconds(50) });
        var deliveries = Enumerable.Range(0, 300).Select(i => producer.ProduceAsync(new("topic", null, new string('x', 900)), Token));
        Assert.Equal(300, (await Task.WhenAll(deliveries)).Length);
    }

    [Fact]
    public async Task A_record_not_delivered_in_time_fails()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.FaultOf = (_, _) => new Fault(ErrorCode.NotEnoughReplicas);
        await using var producer = Create(broker, Options(broker) with { DeliveryTimeout = TimeSpan.FromMilliseconds(400), RequestTimeout = TimeSpan.FromMilliseconds(200) });
        var late = await Assert.ThrowsAsync<ProduceException>(() => producer.ProduceAsync(new("topic", null, "value") { Partition = 0 }, Token));
        var expired = Assert.IsType<KafkaTimeoutException>(late.InnerException);
        Assert.StartsWith("Expiring 1 record(s) for topic-0:", late.Message);
        Assert.Equal(ErrorCode.NotEnoughReplicas, Assert.IsType<KafkaException>(expired.InnerException, exactMatch: false).ErrorCode);
    }

    [Fact]
    public async Task Retries_are_counted()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.FaultOf = (_, _) => new Fault(ErrorCode.NotEnoughReplicas);
        await using var producer = Create(broker, Options(broker) with { Retries = 3 });
        var failed = await Assert.ThrowsAsync<ProduceException>(() => producer.ProduceAsync(new("topic", null, "value") { Partition = 0 }, Token));
        Assert.Equal(ErrorCode.NotEnoughReplicas, failed.ErrorCode);
        Assert.Equal(4, broker.Arrivals(0).Count);
    }

    [Fact]
    public async Task A_topic_that_does_not_come_times_out()
    {
        await using var broker = await ModelBroker.StartAsync();
        await using var producer = Create(broker, Options(broker) with { MaxBlock = TimeSpan.FromMilliseconds(200) });
        var missing = await Assert.ThrowsAsync<KafkaTimeoutException>(() => producer.ProduceAsync(new("nowhere", null, "value"), Token));
        Assert.Equal("Topic nowhere not present in metadata after 200 ms.", missing.Message);
        var partition = await Assert.ThrowsAsync<KafkaTimeoutException>(() => producer.ProduceAsync(new("topic", null, "value") { Partition = 7 }, Token));
        Assert.Equal("Partition 7 of topic topic with partition count 3 is not present in metadata after 200 ms.", partition.Message);
        Assert.Equal(3, (await producer.PartitionsForAsync("topic", Token)).Count);
    }

    [Fact]
    public async Task A_record_above_the_request_size_is_refused_at_once()
    {
        await using var broker = await ModelBroker.StartAsync();
        await using var producer = Create(broker, Options(broker) with { MaxRequestSizeBytes = 1000 });
        var refused = await Assert.ThrowsAsync<KafkaException>(() => producer.ProduceAsync(new("topic", null, new string('x', 1000)), Token));
        Assert.Equal(
            "The message is 1086 bytes when serialized which is larger than 1000, which is the value of the max.request.size configuration.",
            refused.Message);
    }

    [Fact]
    public async Task Refused_producer_ids_fail_what_waits_and_what_comes()
    {
        await using var broker = await ModelBroker.StartAsync();
        broker.InitProducerIdError = () => ErrorCode.ClusterAuthorizationFailed;
        await using var producer = Create(broker, Options(broker));
        var refused = await Assert.ThrowsAnyAsync<KafkaException>(() => producer.ProduceAsync(new("topic", null, "value"), Token));
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, refused.ErrorCode);
        await Assert.ThrowsAnyAsync<KafkaException>(() => producer.ProduceAsync(new("topic", null, "value"), Token));
    }

    [Fact]
    public async Task Disposing_delivers_what_waits_and_refuses_what_comes()
    {
        await using var broker = await ModelBroker.StartAsync();
        var producer = Create(broker, Options(broker) with { Linger = TimeSpan.FromSeconds(60) });
        var delivery = producer.ProduceAsync(new("topic", null, "value") { Partition = 0 }, Token);
        await producer.PartitionsForAsync("topic", Token);
        while (!producer.TryEnqueue(new("topic", null, "another") { Partition = 0 }, null))
            await Task.Yield();
        await producer.DisposeAsync();
        Assert.Equal(0, (await delivery).Offset);
        Assert.Equal(["value", "another"], broker.Values(0));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => producer.ProduceAsync(new("topic", null, "value"), Token));
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_a_node_that_is_gone()
    {
        var broker = await ModelBroker.StartAsync();
        var producer = Create(broker, Options(broker) with { CloseTimeout = TimeSpan.FromMilliseconds(100) });
        await producer.ProduceAsync(new("topic", null, "value"), Token);
        await broker.DisposeAsync();
        broker.Transport.Faults.CutAll();
        var lost = producer.ProduceAsync(new("topic", null, "value"), Token);
        await producer.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token);
        await Assert.ThrowsAsync<ProduceException>(() => lost);
    }

    [Fact]
    public async Task Handlers_are_told_in_order_without_tasks()
    {
        await using var broker = await ModelBroker.StartAsync();
        await using var producer = Create(broker, Options(broker));
        await producer.PartitionsForAsync("topic", Token);
        var told = new ConcurrentQueue<(long, object?)>();
        var handler = new Recorder(told);
        for (var i = 0; i < 100; i++)
            await producer.EnqueueAsync(new("topic", null, $"{i}") { Partition = 0 }, handler, i, Token);
        var called = new TaskCompletionSource<DeliveryReport>();
        await producer.EnqueueAsync(new("topic", null, "last") { Partition = 0 }, (report, error) => called.SetResult(report), Token);
        await producer.FlushAsync(Token);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => ((long)i, (object?)i)), told);
        Assert.Equal(100, (await called.Task).Offset);
    }

    [Fact]
    public async Task Round_robin_goes_from_partition_to_partition()
    {
        await using var broker = await ModelBroker.StartAsync();
        await using var producer = Create(broker, Options(broker) with { Partitioner = Partitioners.RoundRobin() });
        var reports = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => producer.ProduceAsync(new("topic", "key", $"{i}"), Token)));
        Assert.All(reports.GroupBy(one => one.TopicPartition), group => Assert.Equal(3, group.Count()));
    }

    private static ProducerOptions Options(ModelBroker broker) => new()
    {
        BootstrapServers = [broker.Address],
        RetryBackoff = TimeSpan.FromMilliseconds(1),
        RetryBackoffMax = TimeSpan.FromMilliseconds(5),
        ReconnectBackoff = TimeSpan.FromMilliseconds(1),
        ReconnectBackoffMax = TimeSpan.FromMilliseconds(5),
        CloseTimeout = TimeSpan.FromSeconds(10),
    };

    private static Producer<string?, string?> Create(ModelBroker broker, ProducerOptions options, int seed = 1) =>
        new(options, Serializers.Utf8, Serializers.Utf8, broker.Environment(seed));

    private sealed class SlowToTellOfClosing : ILoggerFactory, ILogger
    {
        public ManualResetEventSlim Closing { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name != "Closed" || Closing.IsSet)
                return;
            Closing.Set();
            Release.Wait(TimeSpan.FromSeconds(20));
        }

        public void Dispose()
        {
            Release.Set();
            Closing.Dispose();
            Release.Dispose();
        }
    }

    private sealed class Recorder(ConcurrentQueue<(long, object?)> told) : IDeliveryHandler
    {
        public void OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
        {
            Assert.Null(error);
            told.Enqueue((report.Offset, state));
        }
    }
}
