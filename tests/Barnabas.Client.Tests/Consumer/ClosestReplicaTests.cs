using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Tests.Consumer;

/// <summary>Fetching from a follower in the same rack (KIP-392).</summary>
public sealed class ClosestReplicaTests : IAsyncLifetime
{
    private static readonly TopicPartition Partition = new("t", 0);
    private MockBroker _leader = null!;
    private MockBroker _follower = null!;
    private bool _redirects = true;

    public async ValueTask InitializeAsync()
    {
        _leader = await MockBroker.StartAsync();
        _follower = await _leader.StartNodeAsync(2);
        _leader.WithTopic("t", 1);
        _leader.On<FetchRequest>((request, _) => OffsetOf(request) is not { } offset ? new FetchResponse()
            : _redirects ? new FetchResponse { Responses = [Response(null, preferred: 2)] }
            : new FetchResponse { Responses = [Response(offset < 10 ? Batches.Of(offset, "leader") : null)] });
    }

    public async ValueTask DisposeAsync()
    {
        await _follower.DisposeAsync();
        await _leader.DisposeAsync();
    }

    [Fact]
    public async Task Records_come_from_the_replica_that_the_leader_names()
    {
        _follower.On<FetchRequest>((request, _) => new FetchResponse { Responses = [Response(OffsetOf(request) is { } offset and < 3 ? Batches.Of(offset, "follower") : null)] });
        await using var consumer = NewConsumer();
        Assert.Equal(["follower", "follower", "follower"], await ReadAsync(consumer, 3));
        var asked = Assert.Single(_leader.Received.OfType<FetchRequest>());
        Assert.Equal("rack-2", asked.RackId);
    }

    [Fact]
    public async Task A_replica_that_lags_sends_the_reader_back_to_the_leader()
    {
        _follower.On<FetchRequest>((_, _) =>
        {
            _redirects = false;
            return new FetchResponse { Responses = [Response(null, error: ErrorCode.OffsetOutOfRange)] };
        });
        await using var consumer = NewConsumer();
        Assert.Equal(["leader", "leader"], await ReadAsync(consumer, 2));
        Assert.Equal(2, await consumer.PositionAsync(Partition));
    }

    [Fact]
    public async Task A_replica_that_is_gone_sends_the_reader_back_to_the_leader()
    {
        await _follower.DisposeAsync();
        await using var consumer = NewConsumer();
        var reading = ReadAsync(consumer, 2);
        var deadline = Until.TooLate;
        while (_leader.Received.OfType<FetchRequest>().Count() < 2) await Task.Delay(10, deadline);
        _redirects = false;
        Assert.Equal(["leader", "leader"], await reading);
    }

    private static long? OffsetOf(FetchRequest request) => request.Topics.SelectMany(topic => topic.Partitions).Select(partition => (long?)partition.FetchOffset).FirstOrDefault();

    private static FetchResponse.FetchableTopicResponse Response(byte[]? records, int preferred = -1, ErrorCode error = ErrorCode.None) => new()
    {
        Topic = "t",
        TopicId = new Uuid(77, 1),
        Partitions = [new FetchResponse.PartitionData { ErrorCode = error, HighWatermark = 100, Records = records ?? Array.Empty<byte>(), PreferredReadReplica = preferred }],
    };

    private Consumer<object?, string?> NewConsumer()
    {
        var options = new ConsumerOptions { BootstrapServers = [_leader.BootstrapServer], ClientRack = "rack-2", RetryBackoff = TimeSpan.FromMilliseconds(10), ConnectionSetupTimeout = TimeSpan.FromSeconds(1), MaxPollRecords = 1 };
        var consumer = new Consumer<object?, string?>(options, Deserializers.Ignore, Deserializers.Utf8, _leader.Environment);
        consumer.Assign([Partition]);
        consumer.Seek(Partition, 0);
        return consumer;
    }

    private static async Task<List<string?>> ReadAsync(Consumer<object?, string?> consumer, int count)
    {
        var values = new List<string?>();
        var deadline = Until.TooLate;
        while (values.Count < count) values.AddRange((await consumer.PollAsync(TimeSpan.FromSeconds(10), deadline)).Select(result => result.Value));
        return values[..count];
    }
}
