using System.Collections.Concurrent;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Tests.Consumer;

/// <summary>What a consumer does when leaders change under it, logs get shorter (KIP-320), nodes name the leader (KIP-951) or ask for a pause (KIP-219).</summary>
public sealed class LeaderChangeTests
{
    private static readonly TopicPartition Partition = new("t", 0);

    [Fact]
    public async Task A_log_that_a_new_leader_cut_is_read_again_from_where_it_was_cut()
    {
        await using var mock = await MockBroker.StartAsync();
        var asked = ServeTruncatedLog(mock);
        await using var consumer = NewConsumer(mock, OffsetReset.Earliest);
        Assert.Equal(["a", "b", "c", "other c"], await ReadAsync(consumer, 4));
        Assert.Equal((2, 1), Assert.Single(asked.Distinct()));
        Assert.Equal(3, await consumer.PositionAsync(Partition));
    }

    [Fact]
    public async Task A_cut_log_is_told_with_the_place_where_it_parts_when_no_policy_says_what_to_do()
    {
        await using var mock = await MockBroker.StartAsync();
        ServeTruncatedLog(mock);
        await using var consumer = NewConsumer(mock, OffsetReset.None);
        consumer.Seek(Partition, 0);
        Assert.Equal(["a", "b", "c"], await ReadAsync(consumer, 3));
        var error = await Assert.ThrowsAsync<LogTruncationException>(async () =>
        {
            while (true) await consumer.PollAsync(TimeSpan.FromSeconds(1), Until.TooLate);
        });
        Assert.Equal((Partition, 2), (error.Partition, error.DivergentOffset));
        consumer.Seek(Partition, error.DivergentOffset);
        Assert.Equal(["other c"], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task A_node_that_names_the_new_leader_is_believed_before_the_metadata_says_so()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1).MoreNodes.Add(2);
        mock.On<FetchRequest>((request, _) => EpochOf(request) switch
        {
            1 => new FetchResponse
            {
                Responses = [Answer(null, ErrorCode.NotLeaderOrFollower, new FetchResponse.LeaderIdAndEpoch { LeaderId = 2, LeaderEpoch = 5 })],
                NodeEndpoints = [new FetchResponse.NodeEndpoint { NodeId = 2, Host = "localhost", Port = mock.Port }],
            },
            5 when OffsetOf(request) == 0 => new FetchResponse { Responses = [Answer(Batches.Of(0, "a"))] },
            _ => new FetchResponse(),
        });
        await using var consumer = NewConsumer(mock, OffsetReset.Earliest);
        consumer.Seek(Partition, 0);
        Assert.Equal(["a"], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task A_node_that_asks_for_a_pause_is_not_asked_before_it_is_over()
    {
        await using var mock = await MockBroker.StartAsync();
        mock.WithTopic("t", 1);
        var times = new ConcurrentQueue<long>();
        mock.On<FetchRequest>((request, _) =>
        {
            times.Enqueue(TimeProvider.System.GetTimestamp());
            return OffsetOf(request) switch
            {
                0 => new FetchResponse { ThrottleTimeMs = 400, Responses = [Answer(Batches.Of(0, "a"))] },
                1 => new FetchResponse { Responses = [Answer(Batches.Of(1, "b"))] },
                _ => new FetchResponse(),
            };
        });
        await using var consumer = NewConsumer(mock, OffsetReset.Earliest);
        consumer.Seek(Partition, 0);
        Assert.Equal(["a", "b"], await ReadAsync(consumer, 2));
        var pause = TimeProvider.System.GetElapsedTime(times.ElementAt(0), times.ElementAt(1));
        Assert.True(pause >= TimeSpan.FromMilliseconds(400), $"asked again after {pause.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task A_start_by_duration_is_at_the_first_record_not_older()
    {
        await using var mock = await MockBroker.StartAsync();
        var asked = ServeOffsets(mock, timestamp => timestamp >= 0 ? 5 : throw new InvalidOperationException("there is one"));
        mock.On<FetchRequest>((request, _) => OffsetOf(request) == 5 ? new FetchResponse { Responses = [Answer(Batches.Of(5, "young"))] } : new FetchResponse());
        var before = TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
        await using var consumer = NewConsumer(mock, OffsetReset.By(TimeSpan.FromHours(1)));
        Assert.Equal(["young"], await ReadAsync(consumer, 1));
        Assert.InRange(asked.First(), before, TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_start_by_duration_is_at_the_end_when_all_records_are_older()
    {
        await using var mock = await MockBroker.StartAsync();
        var asked = ServeOffsets(mock, timestamp => timestamp == -1 ? 9 : -1);
        mock.On<FetchRequest>((request, _) => OffsetOf(request) == 9 ? new FetchResponse { Responses = [Answer(Batches.Of(9, "next"))] } : new FetchResponse());
        await using var consumer = NewConsumer(mock, OffsetReset.By(TimeSpan.FromHours(1)));
        Assert.Equal(["next"], await ReadAsync(consumer, 1));
        Assert.Equal(-1, asked.Last());
    }

    // Epoch 1 ends at offset 2 with the new leader, which has another record there; the old one is gone after three.
    private static ConcurrentQueue<(int Current, int Position)> ServeTruncatedLog(MockBroker mock)
    {
        var asked = new ConcurrentQueue<(int, int)>();
        mock.WithTopic("t", 1);
        ServeOffsets(mock, _ => 0);
        mock.On<FetchRequest>((request, _) =>
        {
            switch (EpochOf(request), OffsetOf(request))
            {
                case (1, 0):
                    return new FetchResponse { Responses = [Answer(Batches.Of(0, "a", "b", "c"))] };
                case (1, 3):
                    mock.LeaderEpoch = 2;
                    return new FetchResponse { Responses = [Answer(null, ErrorCode.FencedLeaderEpoch)] };
                case (2, 2):
                    return new FetchResponse { Responses = [Answer(Batches.Of(2, "other c"))] };
                default:
                    return new FetchResponse();
            }
        });
        mock.On<OffsetForLeaderEpochRequest>((request, _) =>
        {
            var one = request.Topics[0].Partitions[0];
            asked.Enqueue((one.CurrentLeaderEpoch, one.LeaderEpoch));
            return new OffsetForLeaderEpochResponse
            {
                Topics = [new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = "t", Partitions = [new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = 0, LeaderEpoch = 1, EndOffset = 2 }] }],
            };
        });
        return asked;
    }

    private static ConcurrentQueue<long> ServeOffsets(MockBroker mock, Func<long, long> offsetOf)
    {
        var asked = new ConcurrentQueue<long>();
        mock.WithTopic("t", 1).On<ListOffsetsRequest>((request, _) =>
        {
            var timestamp = request.Topics[0].Partitions[0].Timestamp;
            asked.Enqueue(timestamp);
            return new ListOffsetsResponse
            {
                Topics = [new ListOffsetsResponse.ListOffsetsTopicResponse { Name = "t", Partitions = [new ListOffsetsResponse.ListOffsetsPartitionResponse { Offset = offsetOf(timestamp), LeaderEpoch = -1 }] }],
            };
        });
        return asked;
    }

    // Sessions are declined, so every request names its partition.
    private static int? EpochOf(FetchRequest request) => request.Topics.SelectMany(topic => topic.Partitions).Select(one => (int?)one.CurrentLeaderEpoch).FirstOrDefault();

    private static long? OffsetOf(FetchRequest request) => request.Topics.SelectMany(topic => topic.Partitions).Select(one => (long?)one.FetchOffset).FirstOrDefault();

    private static FetchResponse.FetchableTopicResponse Answer(byte[]? records, ErrorCode error = ErrorCode.None, FetchResponse.LeaderIdAndEpoch? leader = null) => new()
    {
        Topic = "t",
        TopicId = new Uuid(77, 1),
        Partitions = [new FetchResponse.PartitionData { ErrorCode = error, HighWatermark = 100, Records = records ?? [], CurrentLeader = leader ?? new FetchResponse.LeaderIdAndEpoch() }],
    };

    private static Consumer<object?, string?> NewConsumer(MockBroker mock, OffsetReset reset)
    {
        var options = new ConsumerOptions { BootstrapServers = [mock.BootstrapServer], AutoOffsetReset = reset, RetryBackoff = TimeSpan.FromMilliseconds(5), RetryBackoffMax = TimeSpan.FromMilliseconds(20) };
        var consumer = new Consumer<object?, string?>(options, Deserializers.Ignore, Deserializers.Utf8, mock.Environment);
        consumer.Assign([Partition]);
        return consumer;
    }

    private static async Task<List<string?>> ReadAsync(Consumer<object?, string?> consumer, int count)
    {
        var deadline = Until.TooLate;
        var values = new List<string?>();
        while (values.Count < count) values.AddRange((await consumer.PollAsync(TimeSpan.FromSeconds(10), deadline)).Select(result => result.Value));
        return values;
    }
}
