using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Requests;

/// <summary>A bad request costs its sender the connection, and nobody else anything.</summary>
public sealed class HostileRequestTests
{
    public static TheoryData<string, byte[], string> Bad => new()
    {
        { "an unknown API", [0, 0, 0, 10, 0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff], "API key 32512 is not known" },
        { "a controller's API on a broker listener", [0, 0, 0, 10, 0, 62, 0, 4, 0, 0, 0, 1, 0xff, 0xff], "API key 62 is not known or not enabled" },
        { "an unsupported version", [0, 0, 0, 10, 0, 0, 0, 99, 0, 0, 0, 1, 0xff, 0xff], "version 99 of Produce" },
        { "a frame without a header", [0, 0, 0, 3, 0, 18, 0], "shorter than its header" },
        { "an empty frame", [0, 0, 0, 0], "shorter than its header" },
        { "an array of two billion topics", [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff], "malformed Metadata request" },
        { "a client id longer than the frame", [0, 0, 0, 10, 0, 3, 0, 1, 0, 0, 0, 1, 0x7f, 0xff], "malformed Metadata request" },
        { "millions of tagged fields", [0, 0, 0, 15, 0, 18, 0, 3, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x07], "malformed ApiVersions request" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task The_connection_is_closed_the_log_says_why_and_others_are_served(string what, byte[] bytes, string reason)
    {
        var loggers = new RecordingLoggers();
        await using var broker = await Brokers.StartAsync(loggers, sockets: true);
        await using var good = await RawClient.ConnectAsync(broker);
        await using var bad = await RawClient.ConnectAsync(broker);

        await bad.SendBytesAsync(bytes);

        Assert.True(await bad.ReceiveFrameAsync() is null, what);
        Assert.Contains(loggers.Warnings, w => w.Contains(reason, StringComparison.Ordinal));
        Assert.NotEmpty((await good.CallAsync(new MetadataRequest { Topics = null }, 9)).Brokers);
    }

    [Fact]
    public async Task Garbage_of_any_kind_never_stops_the_broker()
    {
        await using var broker = await Brokers.StartAsync();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            await using var bad = await RawClient.ConnectAsync(broker);
            var body = new byte[8 + random.Next(200)];
            random.NextBytes(body);
            body[0] = 0;
            body[1] = (byte)random.Next(76);
            body[2] = 0;
            body[3] = (byte)random.Next(14);
            await bad.SendBytesAsync([0, 0, 0, (byte)body.Length, .. body]);
        }
        await using var good = await RawClient.ConnectAsync(broker);

        Assert.NotEmpty((await good.CallAsync(new MetadataRequest { Topics = null }, 9)).Brokers);
    }

    [Fact]
    public async Task A_cut_connection_leaves_the_broker_serving_new_ones()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.Raw.SendAsync(words.FetchRequest(0, maxWaitMs: 600_000, minBytes: 1), 11);
        broker.Faults.CutAll();

        await using var again = await TopicClient.ConnectAsync(broker);

        Assert.Equal(0, (await again.ProduceAsync(Records.Batch("a"))).BaseOffset);
    }
}
