using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Sharing;

/// <summary>Share groups over the wire of a whole node.</summary>
public sealed class ShareApiTests
{
    private const string Member = "member-1";

    [Fact]
    public async Task What_was_acknowledged_stays_so_after_a_restart_and_the_rest_is_delivered()
    {
        await using var broker = await Brokers.StartAsync();
        Uuid topicId;
        await using (var client = await TopicClient.CreateAsync(broker))
        {
            topicId = await SubscribeAsync(client);
            await FetchAsync(client, topicId, 0);
            await client.ProduceAsync(Records.Batch("a", "b", "c", "d"));
            Assert.Equal(4, Records.Values((await FetchAsync(client, topicId, 1)).Responses[0].Partitions[0].Records).Count);
            Assert.Equal(ErrorCode.None, (await AcknowledgeAsync(client, topicId, 2, 0, 1)).Responses[0].Partitions[0].ErrorCode);
        }

        await broker.RestartAsync();
        await using var again = await TopicClient.ConnectAsync(broker);
        Assert.Equal(topicId, await SubscribeAsync(again));
        var fetched = await FetchAsync(again, topicId, 0, maxWaitMs: 10_000);
        var acquired = Assert.Single(fetched.Responses[0].Partitions[0].AcquiredRecords);
        Assert.Equal((2L, 3L), (acquired.FirstOffset, acquired.LastOffset));
    }

    [Fact]
    public async Task Records_released_by_a_lost_connection_go_to_another_member()
    {
        await using var broker = await Brokers.StartAsync();
        await using var client = await TopicClient.CreateAsync(broker);
        var topicId = await SubscribeAsync(client);
        await FetchAsync(client, topicId, 0);
        await client.ProduceAsync(Records.Batch("a", "b"));
        await using (var lost = await TopicClient.ConnectAsync(broker))
        {
            var got = await FetchAsync(lost, topicId, 0, "lost");
            Assert.Equal(["0:a", "1:b"], Records.Values(got.Responses[0].Partitions[0].Records));
        }

        var again = await FetchAsync(client, topicId, 1, maxWaitMs: 10_000);
        var acquired = Assert.Single(again.Responses[0].Partitions[0].AcquiredRecords);
        Assert.Equal((0L, 1L, (short)2), (acquired.FirstOffset, acquired.LastOffset, acquired.DeliveryCount));
        var offsets = await client.Raw.CallAsync(new DescribeShareGroupOffsetsRequest { Groups = [new() { GroupId = "g", Topics = null }] }, 1);
        Assert.Equal((0L, 2L), (offsets.Groups[0].Topics[0].Partitions[0].StartOffset, offsets.Groups[0].Topics[0].Partitions[0].Lag));
    }

    [Fact]
    public async Task Sessions_are_held_to_their_epochs_and_to_their_number()
    {
        await using var broker = await Brokers.StartAsync(("group.share.max.share.sessions", "1"));
        await using var client = await TopicClient.CreateAsync(broker);
        var topicId = await SubscribeAsync(client);
        Assert.Equal(ErrorCode.ShareSessionNotFound, (await FetchAsync(client, topicId, 1)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await FetchAsync(client, topicId, 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidShareSessionEpoch, (await FetchAsync(client, topicId, 7)).ErrorCode);
        Assert.Equal(ErrorCode.ShareSessionLimitReached, (await FetchAsync(client, topicId, 0, "another")).ErrorCode);
        Assert.Equal(ErrorCode.InvalidShareSessionEpoch, (await AcknowledgeAsync(client, topicId, 0, 0, 0)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await FetchAsync(client, topicId, -1)).ErrorCode);
        Assert.Equal(ErrorCode.ShareSessionNotFound, (await AcknowledgeAsync(client, topicId, -1, 0, 0)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await FetchAsync(client, topicId, 0, "another")).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (await FetchAsync(client, topicId, 0, new string('m', 37))).ErrorCode);
    }

    [Fact]
    public async Task Acknowledgements_that_make_no_sense_are_refused_each_by_itself()
    {
        await using var broker = await Brokers.StartAsync();
        await using var client = await TopicClient.CreateAsync(broker);
        var topicId = await SubscribeAsync(client);
        await FetchAsync(client, topicId, 0);
        await client.ProduceAsync(Records.Batch("a", "b"));
        await FetchAsync(client, topicId, 1);
        foreach (var (first, last, types) in new (long, long, List<sbyte>)[] { (1, 0, [1]), (0, 1, []), (0, 1, [1, 1, 1]), (0, 1, [9]), (0, 1, [-1]), (0, 1, [4]) })
        {
            var response = await AcknowledgeAsync(client, topicId, NextEpoch(), first, last, types);
            Assert.Equal(ErrorCode.InvalidRequest, response.Responses[0].Partitions[0].ErrorCode);
        }

        Assert.Equal(ErrorCode.UnknownTopicId, (await AcknowledgeAsync(client, Uuid.One, NextEpoch(), 0, 1)).Responses[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.None, (await AcknowledgeAsync(client, topicId, NextEpoch(), 0, 1)).Responses[0].Partitions[0].ErrorCode);
        // What is done with is done with.
        Assert.Equal(ErrorCode.None, (await AcknowledgeAsync(client, topicId, NextEpoch(), 0, 1)).Responses[0].Partitions[0].ErrorCode);
    }

    private int _epoch = 1;

    private int NextEpoch() => ++_epoch;

    /// <summary>Joins the group g and waits until its partition is assigned.</summary>
    private static async Task<Uuid> SubscribeAsync(TopicClient client)
    {
        var began = System.Diagnostics.Stopwatch.StartNew();
        while (began.Elapsed < TimeSpan.FromSeconds(30))
        {
            var found = await client.Raw.CallAsync(new FindCoordinatorRequest { CoordinatorKeys = ["g"] }, 4);
            Assert.Equal(ErrorCode.None, found.Coordinators[0].ErrorCode);
            var beat = await client.Raw.CallAsync(new ShareGroupHeartbeatRequest { GroupId = "g", MemberId = Member, MemberEpoch = 0, SubscribedTopicNames = [client.Topic] }, 1);
            if (beat.Assignment is { TopicPartitions.Count: 1 } assignment)
                return assignment.TopicPartitions[0].TopicId;
            Assert.True(beat.ErrorCode is ErrorCode.None or ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator, beat.ErrorCode.ToString());
        }

        throw new InvalidOperationException("No partition was assigned.");
    }

    private static async Task<ShareFetchResponse> FetchAsync(TopicClient client, Uuid topicId, int epoch, string member = Member, int maxWaitMs = 200) =>
        await client.Raw.CallAsync(
            new ShareFetchRequest
            {
                GroupId = "g",
                MemberId = member,
                ShareSessionEpoch = epoch,
                MaxWaitMs = maxWaitMs,
                MinBytes = 1,
                MaxBytes = 1 << 20,
                MaxRecords = 500,
                BatchSize = 500,
                Topics = epoch == -1 ? [] : [new() { TopicId = topicId, Partitions = [new() { PartitionIndex = 0 }] }],
            },
            2);

    private static async Task<ShareAcknowledgeResponse> AcknowledgeAsync(TopicClient client, Uuid topicId, int epoch, long first, long last, List<sbyte>? types = null) =>
        await client.Raw.CallAsync(
            new ShareAcknowledgeRequest
            {
                GroupId = "g",
                MemberId = Member,
                ShareSessionEpoch = epoch,
                Topics = [new() { TopicId = topicId, Partitions = [new() { PartitionIndex = 0, AcknowledgementBatches = [new() { FirstOffset = first, LastOffset = last, AcknowledgeTypes = types ?? [1] }] }] }],
            },
            2);
}
