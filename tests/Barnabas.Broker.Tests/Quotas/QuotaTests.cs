using System.Diagnostics;
using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Quotas;

public sealed class QuotaTests
{
    [Fact]
    public async Task A_producer_past_its_quota_is_told_so_and_its_next_request_waits()
    {
        await using var broker = await Brokers.StartAsync();
        await using var client = await TopicClient.CreateAsync(broker);
        await SetAsync(client.Raw, ("client-id", "raw"), "producer_byte_rate", 1_000);
        var records = Records.Batch(new string('x', 10_100));

        var throttled = await client.Raw.CallAsync(TopicClient.ProduceRequest(client.Topic, records), 9);

        Assert.InRange(throttled.ThrottleTimeMs, 100, 2_000);
        Assert.Equal(ErrorCode.None, throttled.Responses[0].PartitionResponses[0].ErrorCode);
        var watch = Stopwatch.StartNew();
        await client.FetchAsync(0);
        Assert.True(watch.ElapsedMilliseconds >= throttled.ThrottleTimeMs - 60, $"served after {watch.ElapsedMilliseconds} of {throttled.ThrottleTimeMs} ms");
    }

    [Fact]
    public async Task A_quota_of_one_client_id_leaves_others_alone()
    {
        await using var broker = await Brokers.StartAsync();
        await using var client = await TopicClient.CreateAsync(broker);
        await SetAsync(client.Raw, ("client-id", "somebody"), "producer_byte_rate", 1);

        var response = await client.Raw.CallAsync(TopicClient.ProduceRequest(client.Topic, Records.Batch(new string('x', 10_000))), 9);

        Assert.Equal(0, response.ThrottleTimeMs);
    }

    [Fact]
    public async Task A_fetch_past_its_quota_brings_nothing_and_is_not_counted()
    {
        await using var broker = await Brokers.StartAsync();
        await using var client = await TopicClient.CreateAsync(broker);
        await client.ProduceAsync(Records.Batch(new string('x', 3_000)));
        // Eleven windows of a second: 10 * 250 bytes fit, but the first batch is returned whole whatever the limits.
        await SetAsync(client.Raw, ("user", "ANONYMOUS"), "consumer_byte_rate", 250);

        var throttled = await client.Raw.CallAsync(client.FetchRequest(0), 11);
        Assert.Empty(throttled.Responses);
        Assert.InRange(throttled.ThrottleTimeMs, 1_000, 4_000);

        await SetAsync(client.Raw, ("user", "ANONYMOUS"), "consumer_byte_rate", 1_000_000);
        var response = await client.Raw.CallAsync(client.FetchRequest(0), 11);
        Assert.Equal(0, response.ThrottleTimeMs);
        Assert.NotEqual(0, response.Responses[0].Partitions[0].Records!.Value.Length);
    }

    [Fact]
    public async Task Requests_past_their_share_of_the_processor_are_held_back()
    {
        await using var broker = await Brokers.StartAsync();
        await using var client = await TopicClient.CreateAsync(broker);
        await SetAsync(client.Raw, ("client-id", null), "request_percentage", 0.0001);

        var response = await client.Raw.CallAsync(new MetadataRequest { Topics = null }, 9);

        Assert.InRange(response.ThrottleTimeMs, 1, 1_000);
    }

    [Fact]
    public async Task Topics_past_the_quota_on_changes_are_refused_with_the_time_to_wait()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);
        await SetAsync(raw, ("user", "ANONYMOUS"), "controller_mutation_rate", 1);

        Assert.Equal(ErrorCode.None, (await CreateAsync(raw, "large", 20, 7)).Topics[0].ErrorCode);
        var refused = await CreateAsync(raw, "next", 1, 7);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, refused.Topics[0].ErrorCode);
        Assert.InRange(refused.ThrottleTimeMs, 5_000, 10_000);

        // A version that does not know the error is carried out, and its sender waits.
        await using var old = await RawClient.ConnectAsync(broker);
        var late = await CreateAsync(old, "old", 1, 4);
        Assert.Equal(ErrorCode.None, late.Topics[0].ErrorCode);
        Assert.True(late.ThrottleTimeMs > 5_000);
    }

    [Fact]
    public async Task Quotas_are_described_by_every_kind_of_match_and_survive_a_restart()
    {
        await using var broker = await Brokers.StartAsync();
        await using (var raw = await RawClient.ConnectAsync(broker))
        {
            await SetAsync(raw, ("user", "anna"), "producer_byte_rate", 100);
            await SetAsync(raw, ("user", null), "producer_byte_rate", 50);
            await SetAsync(raw, ("client-id", "app"), "consumer_byte_rate", 7);
            await SetAsync(raw, ("ip", "10.1.2.3"), "connection_creation_rate", 3);
        }
        await broker.RestartAsync();
        await using var after = await RawClient.ConnectAsync(broker);

        Assert.Equal(["user=anna producer_byte_rate=100"], await DescribeAsync(after, ("user", 0, "anna")));
        Assert.Equal(["user= producer_byte_rate=50"], await DescribeAsync(after, ("user", 1, null)));
        Assert.Equal(["user= producer_byte_rate=50", "user=anna producer_byte_rate=100"], await DescribeAsync(after, ("user", 2, null)));
        Assert.Equal(["ip=10.1.2.3 connection_creation_rate=3"], await DescribeAsync(after, ("ip", 2, null)));
        Assert.Equal(4, (await DescribeAsync(after)).Count);
    }

    private static Task<CreateTopicsResponse> CreateAsync(RawClient raw, string name, int partitions, short version)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 10_000 };
        request.Topics.Add(new() { Name = name, NumPartitions = partitions, ReplicationFactor = 1 });
        return raw.CallAsync(request, version);
    }

    private static async Task SetAsync(RawClient raw, (string Type, string? Name) entity, string key, double value)
    {
        var request = new AlterClientQuotasRequest();
        request.Entries.Add(new() { Entity = [new() { EntityType = entity.Type, EntityName = entity.Name }], Ops = [new() { Key = key, Value = value }] });
        Assert.Equal(ErrorCode.None, (await raw.CallAsync(request, 1)).Entries[0].ErrorCode);
    }

    private static async Task<List<string>> DescribeAsync(RawClient raw, params (string Type, sbyte MatchType, string? Match)[] filter)
    {
        var request = new DescribeClientQuotasRequest();
        foreach (var (type, matchType, match) in filter)
            request.Components.Add(new() { EntityType = type, MatchType = matchType, Match = match });
        var response = await raw.CallAsync(request, 1);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return [.. response.Entries!.Select(e =>
            string.Join(",", e.Entity.Select(n => $"{n.EntityType}={n.EntityName}")) + " " + string.Join(",", e.Values.Select(v => $"{v.Key}={v.Value}")))
            .Order(StringComparer.Ordinal)];
    }
}
