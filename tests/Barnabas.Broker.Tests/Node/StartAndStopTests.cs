using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Barnabas.Broker.Node;
using Barnabas.Broker.Tests.Support;
using Barnabas.Configuration.Brokers;
using Barnabas.Protocol.Messages;
using Barnabas.Storage.Disks;
using Barnabas.Testing;
using Barnabas.Transport;
using Barnabas.Transport.Memory;

namespace Barnabas.Broker.Tests.Node;

public sealed class StartAndStopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Properties = new()
    {
        ["process.roles"] = "broker,controller",
        ["node.id"] = "1",
        ["listeners"] = "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
        ["controller.listener.names"] = "CONTROLLER",
        ["controller.quorum.voters"] = "1@localhost:9093",
        ["log.dirs"] = "/data",
    };

    [Fact]
    public async Task A_port_in_use_fails_the_start_at_once_and_leaves_the_directory_free()
    {
        var folder = Directory.CreateTempSubdirectory("barnabas-port-").FullName;
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var options = TestBrokerOptions.Default with { LogDirectory = folder };
        var taken = string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://localhost:{port},CONTROLLER://localhost:0");

        var e = await Assert.ThrowsAsync<TransportException>(() => TestBroker
            .StartAsync(options with { Properties = new Dictionary<string, string> { ["listeners"] = taken } })
            .WaitAsync(Patience, TestContext.Current.CancellationToken));

        Assert.Equal($"Socket server failed to bind to localhost:{port}: Address already in use.", e.Message);
        await using (await TestBroker.StartAsync(options))
        {
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_stops_what_it_started()
    {
        var disk = new MemoryDisk(TimeProvider.System);
        await using (var first = await TestBroker.StartAsync(InMemory(disk)))
        await using (var words = await TopicClient.CreateAsync(first))
            await words.ProduceAsync(Records.Batch("a"));

        using var asked = new CancellationTokenSource();
        await asked.CancelAsync();
        var loggers = new RecordingLoggers();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BrokerNode
            .StartAsync(BrokerConfig.Create(Properties), new MemoryTransport(TimeProvider.System), disk, TimeProvider.System, new Random(1), loggers, asked.Token)
            .WaitAsync(Patience, TestContext.Current.CancellationToken));

        Assert.Empty(loggers.Warnings);
        await using var again = await TestBroker.StartAsync(InMemory(disk));
        await using var raw = await RawClient.ConnectAsync(again);
        Assert.Equal("words", Assert.Single((await raw.CallAsync(new MetadataRequest { Topics = null }, 12)).Topics).Name);
    }

    [Fact]
    public async Task A_broker_that_stops_hands_its_leadership_over_first()
    {
        var loggers = new RecordingLoggers();
        await using var broker = await Brokers.StartAsync(loggers);
        await using (var words = await TopicClient.CreateAsync(broker))
        {
            var before = await LeaderEpochAsync(words.Raw);
            await broker.RestartAsync();
            await using var raw = await RawClient.ConnectAsync(broker);
            // One change of leader to nobody, and one back.
            Assert.Equal(before + 2, await LeaderEpochAsync(raw));
        }
        Assert.Empty(loggers.Warnings);
    }

    [Fact]
    public async Task A_broker_starts_and_stops_while_its_clock_stands()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var broker = await TestBroker.StartAsync(InMemory(new MemoryDisk(TimeProvider.System)) with { Time = time }).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await broker.RestartAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_warm_test_broker_is_ready_in_a_tenth_of_a_second()
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 20 && fastest > TimeSpan.FromMilliseconds(100); i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await using var broker = await TestBroker.StartAsync();
            var elapsed = Stopwatch.GetElapsedTime(begin);
            fastest = elapsed < fastest ? elapsed : fastest;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{fastest.TotalMilliseconds:F1} ms");
        Assert.True(fastest < TimeSpan.FromMilliseconds(100), $"{fastest.TotalMilliseconds:F1} ms");
    }

    [Fact]
    public async Task A_directory_whose_last_user_is_still_dying_is_waited_for()
    {
        var disk = new MemoryDisk(TimeProvider.System);
        await (await TestBroker.StartAsync(InMemory(disk))).DisposeAsync();
        var dying = disk.TryLock("/data/.lock")!;
        var starting = TestBroker.StartAsync(InMemory(disk));
        dying.Dispose();
        await using var broker = await starting.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private static TestBrokerOptions InMemory(MemoryDisk disk) => TestBrokerOptions.Default with { InMemory = true, Disk = disk, LogDirectory = "/data" };

    private static async Task<int> LeaderEpochAsync(RawClient raw)
    {
        var topic = Assert.Single((await raw.CallAsync(new MetadataRequest { Topics = null }, 12)).Topics);
        return Assert.Single(topic.Partitions).LeaderEpoch;
    }
}
