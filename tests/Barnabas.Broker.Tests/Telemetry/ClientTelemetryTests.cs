using System.Buffers;
using System.Text;
using Barnabas.Broker.Tests.Support;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Telemetry;

public sealed class ClientTelemetryTests
{
    [Fact]
    public async Task A_client_is_told_what_its_subscriptions_want_and_what_it_pushes_is_shown()
    {
        await using var broker = await StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, "app-1");
        await SubscribeAsync(raw, "mine", ("metrics", "org.apache.kafka.producer."), ("interval.ms", "100"), ("match", "client_id=app-[0-9]"));
        await SubscribeAsync(raw, "others", ("metrics", "*"), ("match", "client_id=other"));

        var subscription = await raw.CallAsync(new GetTelemetrySubscriptionsRequest(), 0);
        Assert.Equal((ErrorCode.None, 100), (subscription.ErrorCode, subscription.PushIntervalMs));
        Assert.Equal(["org.apache.kafka.producer."], subscription.RequestedMetrics);
        Assert.NotEqual(Uuid.Zero, subscription.ClientInstanceId);

        foreach (var codec in new[] { CompressionType.Zstd, CompressionType.None })
        {
            // The second push comes after the interval.
            if (codec == CompressionType.None)
                await Task.Delay(TimeSpan.FromMilliseconds(120), TestContext.Current.CancellationToken);
            var push = await raw.CallAsync(Push(subscription, Metrics("org.apache.kafka.producer.records", 5, isDelta: true), codec), 0);
            Assert.Equal(ErrorCode.None, push.ErrorCode);
        }
        var sample = Assert.Single(broker.ReadMetrics(), m => m.Name == "kafka_client_producer_records");
        Assert.Equal(10, sample.Value);
        Assert.Contains(("client_id", "app-1"), sample.Labels);
        Assert.Contains(("node_id", "7"), sample.Labels);
    }

    [Fact]
    public async Task What_comes_too_soon_is_too_large_or_unknown_is_refused()
    {
        await using var broker = await StartAsync(("telemetry.max.bytes", "200"));
        await using var raw = await RawClient.ConnectAsync(broker, "app-1");
        await SubscribeAsync(raw, "mine", ("metrics", "*"), ("interval.ms", "60000"));
        var subscription = await raw.CallAsync(new GetTelemetrySubscriptionsRequest(), 0);
        Assert.Equal(200, subscription.TelemetryMaxBytes);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, (await raw.CallAsync(new GetTelemetrySubscriptionsRequest { ClientInstanceId = subscription.ClientInstanceId }, 0)).ErrorCode);

        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(new PushTelemetryRequest { Metrics = Array.Empty<byte>() }, 0)).ErrorCode);
        var unknown = Push(subscription, Metrics("m", 1, false), CompressionType.None);
        unknown.SubscriptionId++;
        Assert.Equal(ErrorCode.UnknownSubscriptionId, (await raw.CallAsync(unknown, 0)).ErrorCode);
        var codec = Push(subscription, Metrics("m", 1, false), CompressionType.None);
        codec.CompressionType = 99;
        Assert.Equal(ErrorCode.UnsupportedCompressionType, (await raw.CallAsync(codec, 0)).ErrorCode);
        Assert.Equal(ErrorCode.TelemetryTooLarge, (await raw.CallAsync(Push(subscription, new byte[201], CompressionType.None), 0)).ErrorCode);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, (await raw.CallAsync(Push(subscription, Metrics("m", 1, false), CompressionType.None), 0)).ErrorCode);
        var last = Push(subscription, Metrics("m", 1, false), CompressionType.None);
        last.Terminating = true;
        Assert.Equal(ErrorCode.None, (await raw.CallAsync(last, 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await raw.CallAsync(last, 0)).ErrorCode);
    }

    [Fact]
    public async Task Pushed_metrics_count_into_the_budget_of_what_is_decompressed()
    {
        await using var broker = await StartAsync(("barnabas.decompression.max.bytes", "1048576"), ("telemetry.max.bytes", "1048576"));
        await using var raw = await RawClient.ConnectAsync(broker, "app-1");
        await SubscribeAsync(raw, "mine", ("metrics", "*"), ("interval.ms", "60000"));
        var subscription = await raw.CallAsync(new GetTelemetrySubscriptionsRequest(), 0);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, (await raw.CallAsync(Push(subscription, new byte[4 << 20], CompressionType.Zstd), 0)).ErrorCode);
    }

    [Fact]
    public async Task Bytes_that_are_no_metrics_are_refused_whatever_they_are()
    {
        await using var broker = await StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker, "app-1");
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var subscription = await raw.CallAsync(new GetTelemetrySubscriptionsRequest(), 0);
            var bytes = Metrics("org.apache.kafka.m", 1, false);
            for (var i = 0; i < 4; i++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var answer = await raw.CallAsync(Push(subscription, bytes, CompressionType.None), 0);
            Assert.True(answer.ErrorCode is ErrorCode.None or ErrorCode.InvalidRecord, $"round {round}: {answer.ErrorCode}");
        }
    }

    private static Task<TestBroker> StartAsync(params (string, string)[] properties) => Brokers.StartAsync([("barnabas.metrics.listener", "localhost:0"), .. properties]);

    private static PushTelemetryRequest Push(GetTelemetrySubscriptionsResponse subscription, byte[] metrics, CompressionType codec)
    {
        if (codec != CompressionType.None)
        {
            using var compressed = new PooledBuffer(BufferPool.Shared, 64, 8 << 20);
            CompressionCodecs.Get(codec).Compress(metrics, compressed);
            metrics = compressed.WrittenSpan.ToArray();
        }
        return new PushTelemetryRequest
        {
            ClientInstanceId = subscription.ClientInstanceId,
            SubscriptionId = subscription.SubscriptionId,
            CompressionType = (sbyte)codec,
            Metrics = metrics,
        };
    }

    private static async Task SubscribeAsync(RawClient raw, string name, params (string Key, string Value)[] configs)
    {
        var request = new IncrementalAlterConfigsRequest();
        request.Resources.Add(new()
        {
            ResourceType = (sbyte)ConfigResourceType.ClientMetrics,
            ResourceName = name,
            Configs = [.. configs.Select(c => new IncrementalAlterConfigsRequest.AlterableConfig { Name = c.Key, Value = c.Value })],
        });
        Assert.Equal(ErrorCode.None, (await raw.CallAsync(request, 1)).Responses[0].ErrorCode);
    }

    /// <summary>MetricsData of one sum with one point.</summary>
    private static byte[] Metrics(string name, long value, bool isDelta)
    {
        var attribute = Message((1, Encoding.UTF8.GetBytes("node.id")), (2, Message((1, Encoding.UTF8.GetBytes("7")))));
        byte[] point = [(6 << 3) | 1, .. BitConverter.GetBytes(value), .. Field(7, attribute)];
        byte[] sum = [.. Field(1, point), 2 << 3, (byte)(isDelta ? 1 : 2), 3 << 3, 1];
        var metric = Message((1, Encoding.UTF8.GetBytes(name)), (7, sum));
        return Message((1, Message((2, Message((2, metric))))));
    }

    private static byte[] Message(params (int Field, byte[] Bytes)[] fields) => [.. fields.SelectMany(f => Field(f.Field, f.Bytes))];

    private static byte[] Field(int field, byte[] bytes) => [(byte)((field << 3) | 2), (byte)bytes.Length, .. bytes];
}
