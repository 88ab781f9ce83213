using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Barnabas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Client.Tests.Producer;

public sealed class ProducerOnRealBrokersTests(ApacheKafka kafka)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Apache_Kafka_stores_what_is_produced(CompressionType type)
    {
        var options = Options(await kafka.StartAsync(Token)) with { Compression = type };
        await DeliverAndReadBackAsync(options, ClientEnvironment.ForProgram(), $"produced-{type}");
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Barnabas_stores_what_is_produced(CompressionType type)
    {
        await using var broker = await TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true });
        var environment = new ClientEnvironment
        {
            Transport = broker.Transport,
            Time = TimeProvider.System,
            Random = new Random(1),
            LoggerFactory = NullLoggerFactory.Instance,
        };
        await DeliverAndReadBackAsync(Options(broker.BootstrapServers) with { Compression = type }, environment, $"produced-{type}");
    }

    [Fact]
    public async Task Apache_Kafka_refuses_a_record_that_is_too_large_for_it()
    {
        var options = Options(await kafka.StartAsync(Token)) with { MaxRequestSizeBytes = 5_000_000 };
        await using var producer = new Producer<string?, string?>(options, Serializers.Utf8, Serializers.Utf8, ClientEnvironment.ForProgram());
        var refused = await Assert.ThrowsAsync<ProduceException>(() => producer.ProduceAsync(new("too-large", null, new string('x', 2_000_000)), Token));
        Assert.Equal(ErrorCode.MessageTooLarge, refused.ErrorCode);
        Assert.Equal(0, (await producer.ProduceAsync(new("too-large", null, "small"), Token)).Offset);
    }

    private static async Task DeliverAndReadBackAsync(ProducerOptions options, ClientEnvironment environment, string topic)
    {
        const int Count = 3000;
        // Of today: what is older than the retention is deleted half a minute after the node started.
        var began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await using var producer = new Producer<string?, string?>(options, Serializers.Utf8, Serializers.Utf8, environment);
        var headers = new[] { new RecordHeader("kind", "reading"u8.ToArray()), new RecordHeader("none", null) };
        var deliveries = new List<Task<DeliveryReport>>();
        for (var i = 0; i < Count; i++)
        {
            deliveries.Add(producer.ProduceAsync(
                new(topic, i % 3 == 0 ? null : $"key-{i}", i % 7 == 0 ? null : $"value-{i}") { Partition = 0, Timestamp = began + i, Headers = headers }, Token));
        }
        var reports = await Task.WhenAll(deliveries);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), reports.Select(one => one.Offset));
        var next = 0;
        while (next < Count)
            next = await FetchAsync(producer, topic, began, next);
    }

    private static async Task<int> FetchAsync(Producer<string?, string?> producer, string topic, long began, int next)
    {
        var connection = await producer.Cluster.ConnectToAnyAsync(Token);
        var request = new FetchRequest { MaxWaitMs = 500, MinBytes = 1, MaxBytes = 1 << 20 };
        request.Topics.Add(new FetchRequest.FetchTopic
        {
            Topic = topic,
            Partitions = [new FetchRequest.FetchPartition { Partition = 0, FetchOffset = next, PartitionMaxBytes = 1 << 20 }],
        });
        var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.Fetch, highest: 12), Token);
        var partition = Assert.Single(Assert.Single(response.Responses).Partitions);
        Assert.Equal(ErrorCode.None, partition.ErrorCode);
        foreach (var batch in RecordBatches.EnumerateComplete(partition.Records!.Value))
        {
            batch.EnsureValid();
            foreach (var record in batch.Records())
            {
                if (record.Offset < next)
                    continue;
                var i = next++;
                Assert.Equal(began + i, record.Timestamp);
                Assert.Equal(i % 3 == 0 ? null : $"key-{i}", Text(record.Key));
                Assert.Equal(i % 7 == 0 ? null : $"value-{i}", Text(record.Value));
                Assert.Equal([("kind", "reading"), ("none", null)], record.Headers.ToArray().Select(one => (one.Key, Text(one.Value))));
            }
        }
        return next;
    }

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } present ? System.Text.Encoding.UTF8.GetString(present.Span) : null;

    private static ProducerOptions Options(string address) => new() { BootstrapServers = [address], CloseTimeout = TimeSpan.FromSeconds(10) };
}
