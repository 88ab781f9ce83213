using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Data;

public sealed class OffsetTests
{
    [Theory]
    [InlineData(-1, 3, -1)]
    [InlineData(-2, 0, -1)]
    [InlineData(-3, 2, Records.Now + 20)]
    [InlineData(-4, 0, -1)]
    [InlineData(-5, -1, -1)]
    [InlineData(-6, -1, -1)]
    [InlineData(Records.Now, 0, Records.Now)]
    [InlineData(Records.Now + 1, 1, Records.Now + 10)]
    [InlineData(Records.Now + 21, -1, -1)]
    public async Task Offsets_are_listed_by_time_and_by_name(long timestamp, long offset, long foundTimestamp)
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        for (var i = 0; i < 3; i++)
            await words.ProduceAsync(Records.Batch(Records.Now + (10 * i), "x"));

        var found = await words.ListOffsetAsync(timestamp);

        Assert.Equal((ErrorCode.None, offset, foundTimestamp), (found.ErrorCode, found.Offset, found.Timestamp));
    }

    [Theory]
    [InlineData(-3, 6)]
    [InlineData(-4, 7)]
    [InlineData(-5, 8)]
    [InlineData(-6, 10)]
    [InlineData(-7, 11)]
    public async Task A_special_timestamp_is_refused_below_its_version(long timestamp, short version)
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        Assert.Equal(ErrorCode.UnsupportedVersion, (await words.ListOffsetAsync(timestamp, version)).ErrorCode);
    }

    [Fact]
    public async Task Every_version_of_list_offsets_answers()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.ProduceAsync(Records.Batch("a"));
        for (short version = 0; version <= 11; version++)
        {
            var found = await words.ListOffsetAsync(-1, version);
            Assert.Equal(1, version == 0 ? Assert.Single(found.OldStyleOffsets) : found.Offset);
        }
    }

    [Fact]
    public async Task Deleted_records_are_gone_and_the_earliest_offset_says_so()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.ProduceAsync(Records.Batch("a", "b", "c"));

        Assert.Equal((ErrorCode.None, 2L), await DeleteAsync(words, 2));
        Assert.Equal(2, (await words.ListOffsetAsync(-2)).Offset);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await words.FetchAsync(1)).ErrorCode);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await DeleteAsync(words, 9)).Error);
        Assert.Equal((ErrorCode.None, 3L), await DeleteAsync(words, -1));
    }

    [Fact]
    public async Task The_end_of_the_current_epoch_is_the_log_end()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);
        await words.ProduceAsync(Records.Batch("a", "b"));
        var request = new OffsetForLeaderEpochRequest();
        request.Topics.Add(new() { Topic = "words", Partitions = [new() { Partition = 0, LeaderEpoch = 0 }] });

        var end = (await words.Raw.CallAsync(request, 4)).Topics[0].Partitions[0];

        Assert.Equal((ErrorCode.None, 0, 2L), (end.ErrorCode, end.LeaderEpoch, end.EndOffset));
    }

    private static async Task<(ErrorCode Error, long LowWatermark)> DeleteAsync(TopicClient words, long offset)
    {
        var request = new DeleteRecordsRequest { TimeoutMs = 1000 };
        request.Topics.Add(new() { Name = "words", Partitions = [new() { PartitionIndex = 0, Offset = offset }] });
        var result = (await words.Raw.CallAsync(request, 2)).Topics[0].Partitions[0];
        return (result.ErrorCode, result.LowWatermark);
    }
}
