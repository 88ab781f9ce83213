using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Client.Tests.Consumer;

/// <summary>Closing, giving up and changing one's mind, whatever the cluster does meanwhile.</summary>
public sealed class ClosingTests
{
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task Clients_of_a_broker_that_is_gone_close_in_bearable_time(GroupProtocol protocol)
    {
        var broker = await TestBroker.StartAsync(new TestBrokerOptions
        {
            InMemory = true,
            Properties = new Dictionary<string, string> { ["offsets.topic.num.partitions"] = "1", ["group.consumer.min.heartbeat.interval.ms"] = "50", ["group.consumer.heartbeat.interval.ms"] = "50" },
        });
        var environment = new ClientEnvironment { Transport = broker.Transport, Time = TimeProvider.System, Random = new Random(5), LoggerFactory = NullLoggerFactory.Instance };
        var servers = new[] { broker.BootstrapServers };
        var admin = new AdminClient(new AdminClientOptions { BootstrapServers = servers }, environment);
        await admin.CreateTopicsAsync([new NewTopic { Name = "t", PartitionCount = 2, ReplicationFactor = 1 }], cancellationToken: Until.TooLate);
        var producer = new Producer<string?, string?>(new ProducerOptions { BootstrapServers = servers, CloseTimeout = TimeSpan.FromSeconds(1) }, Serializers.Utf8, Serializers.Utf8, environment);
        await producer.ProduceAsync(new("t", "k", "v"), Until.TooLate);
        var options = new ConsumerOptions { BootstrapServers = servers, GroupId = "g", GroupProtocol = protocol, AutoOffsetReset = OffsetReset.Earliest, AutoCommitInterval = TimeSpan.FromMilliseconds(10) };
        var consumer = new Consumer<string?, string?>(options, Deserializers.Utf8, Deserializers.Utf8, environment);
        consumer.Subscribe(["t"]);
        var deadline = Until.TooLate;
        while ((await consumer.PollAsync(TimeSpan.FromMilliseconds(50), deadline)).Count == 0)
        {
        }

        await broker.DisposeAsync();
        var undelivered = producer.ProduceAsync(new("t", "k", "never"), Until.TooLate);
        // An automatic commit is under way, and has nobody to go to.
        for (var poll = 0; poll < 5; poll++) Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(50), deadline));
        await Task.WhenAll(consumer.DisposeAsync().AsTask(), producer.DisposeAsync().AsTask(), admin.DisposeAsync().AsTask()).WaitAsync(Bearable);
        await Assert.ThrowsAnyAsync<Exception>(() => undelivered);
    }

    [Fact]
    public async Task A_poll_under_way_ends_when_the_consumer_is_disposed()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1);
        mock.On<FetchRequest>((_, _) => null);
        var consumer = new Consumer<object?, string?>(new ConsumerOptions { BootstrapServers = [mock.BootstrapServer] }, Deserializers.Ignore, Deserializers.Utf8, mock.Environment);
        consumer.Assign([new TopicPartition("t", 0)]);
        consumer.Seek(new TopicPartition("t", 0), 0);
        var polling = consumer.PollAsync(TimeSpan.FromHours(1)).AsTask();
        await consumer.DisposeAsync().AsTask().WaitAsync(Bearable);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => polling.WaitAsync(Bearable));
    }

    [Fact]
    public async Task What_a_listener_throws_while_closing_comes_out_after_everything_is_closed()
    {
        await using var broker = await TestBroker.StartAsync(new TestBrokerOptions { InMemory = true });
        await using var consumer = await AssignedAsync(broker, new ThrowingListener());
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => consumer.DisposeAsync().AsTask());
        Assert.Equal("revoked", error.Message);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => consumer.PollAsync(TimeSpan.Zero).AsTask());
    }

    [Fact]
    public async Task Subscribing_to_nothing_leaves_the_group_and_another_subscription_joins_again()
    {
        await using var broker = await TestBroker.StartAsync(new TestBrokerOptions { InMemory = true });
        var events = new RecordingListener();
        await using var consumer = await AssignedAsync(broker, events);
        var member = consumer.MemberId;
        consumer.Subscribe([]);
        Assert.Single(events.Revoked);
        Assert.Empty(consumer.Assignment);
        await Assert.ThrowsAsync<InvalidOperationException>(() => consumer.PollAsync(TimeSpan.Zero).AsTask());
        consumer.Subscribe(["t"], events);
        var deadline = Until.TooLate;
        while (consumer.Assignment.Count == 0) await consumer.PollAsync(TimeSpan.FromMilliseconds(50), deadline);
        Assert.NotEqual(member, consumer.MemberId);
    }

    private static async Task<Consumer<string?, string?>> AssignedAsync(TestBroker broker, IRebalanceListener listener)
    {
        var environment = new ClientEnvironment { Transport = broker.Transport, Time = TimeProvider.System, Random = new Random(5), LoggerFactory = NullLoggerFactory.Instance };
        await using (var admin = new AdminClient(new AdminClientOptions { BootstrapServers = [broker.BootstrapServers] }, environment))
            await admin.CreateTopicsAsync([new NewTopic { Name = "t", PartitionCount = 1, ReplicationFactor = 1 }], cancellationToken: Until.TooLate);
        var consumer = new Consumer<string?, string?>(new ConsumerOptions { BootstrapServers = [broker.BootstrapServers], GroupId = "g" }, Deserializers.Utf8, Deserializers.Utf8, environment);
        consumer.Subscribe(["t"], listener);
        var deadline = Until.TooLate;
        while (consumer.Assignment.Count == 0) await consumer.PollAsync(TimeSpan.FromMilliseconds(50), deadline);
        return consumer;
    }

    private sealed class ThrowingListener : IRebalanceListener
    {
        public ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => throw new InvalidOperationException("revoked");
    }
}
