using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Data;

public sealed class FetchTests
{
    [Fact]
    public async Task A_fetch_in_the_middle_of_a_batch_returns_the_whole_batch()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.ProduceAsync(Records.Batch("a", "b", "c"));

        Assert.Equal(["0:a", "1:b", "2:c"], Records.Values((await words.FetchAsync(1)).Records));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public async Task Outside_of_the_log_is_out_of_range(long offset)
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.ProduceAsync(Records.Batch("a", "b", "c"));

        Assert.Equal(ErrorCode.OffsetOutOfRange, (await words.FetchAsync(offset)).ErrorCode);
    }

    [Fact]
    public async Task The_first_batch_comes_whole_whatever_the_limits()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.ProduceAsync(Records.Batch(new string('x', 5000)));
        await words.ProduceAsync(Records.Batch("b"));

        Assert.Single(Records.Values((await words.FetchAsync(0, maxBytes: 1)).Records));
    }

    [Fact]
    public async Task A_waiting_fetch_is_woken_by_the_append_that_satisfies_it()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await using var reader = await TopicClient.ConnectAsync(broker);
        await reader.Raw.SendAsync(reader.FetchRequest(0, maxWaitMs: 600_000, minBytes: 1), 11);

        await words.ProduceAsync(Records.Batch("a"));

        var woken = await reader.Raw.ReceiveAsync<FetchResponse>(11);
        Assert.Equal(["0:a"], Records.Values(woken!.Responses[0].Partitions[0].Records));
    }

    [Fact]
    public async Task A_waiting_fetch_waits_for_all_of_its_minimum()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await using var reader = await TopicClient.ConnectAsync(broker);
        var batch = Records.Batch("a");
        await reader.Raw.SendAsync(reader.FetchRequest(0, maxWaitMs: 600_000, minBytes: 3 * batch.Length), 11);

        for (var i = 0; i < 3; i++)
            await words.ProduceAsync(Records.Batch("a"));

        var woken = await reader.Raw.ReceiveAsync<FetchResponse>(11);
        Assert.Equal(3, Records.Values(woken!.Responses[0].Partitions[0].Records).Count);
    }

    [Fact]
    public async Task A_fetch_with_nothing_to_return_answers_after_its_wait()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        var fetched = await words.FetchAsync(0, maxWaitMs: 20, minBytes: 1);

        Assert.Equal(ErrorCode.None, fetched.ErrorCode);
        Assert.Equal(0, fetched.Records!.Value.Length);
    }

    [Fact]
    public async Task Deleting_the_topic_wakes_its_waiting_fetch()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await using var reader = await TopicClient.ConnectAsync(broker);
        await reader.Raw.SendAsync(reader.FetchRequest(0, maxWaitMs: 600_000, minBytes: 1), 11);

        await words.Raw.CallAsync(new DeleteTopicsRequest { TopicNames = ["words"], TimeoutMs = 10_000 }, 5);

        var woken = await reader.Raw.ReceiveAsync<FetchResponse>(11);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, woken!.Responses[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public async Task A_leader_epoch_that_does_not_exist_yet_is_unknown()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        var request = words.FetchRequest(0);
        request.Topics[0].Partitions[0].CurrentLeaderEpoch = 99;

        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await words.Raw.CallAsync(request, 11)).Responses[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using var broker = await Brokers.StartAsync();
        await using (var words = await TopicClient.CreateAsync(broker))
            await words.ProduceAsync(Records.Batch("a", "b"));

        await broker.RestartAsync();

        await using var again = await TopicClient.ConnectAsync(broker);
        Assert.Equal(["0:a", "1:b"], Records.Values((await again.FetchAsync(0)).Records));
        Assert.Equal(2, (await again.ProduceAsync(Records.Batch("c"))).BaseOffset);
    }
}
