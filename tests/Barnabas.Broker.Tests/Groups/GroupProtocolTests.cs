using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Groups;

/// <summary>Which group protocols a node serves: those its configuration names and the cluster's features allow.</summary>
public sealed class GroupProtocolTests
{
    [Fact]
    public async Task KIP_848_groups_are_served_by_default()
    {
        await using var broker = await Brokers.StartAsync();
        var (heartbeat, described) = await AskAsync(broker);
        Assert.NotEqual(ErrorCode.UnsupportedVersion, heartbeat);
        Assert.NotEqual(ErrorCode.UnsupportedVersion, described);
    }

    [Fact]
    public async Task A_broker_of_the_classic_protocol_alone_serves_no_KIP_848_groups()
    {
        await using var broker = await Brokers.StartAsync(("group.coordinator.rebalance.protocols", "classic"));
        Assert.Equal((ErrorCode.UnsupportedVersion, ErrorCode.UnsupportedVersion), await AskAsync(broker));
    }

    [Fact]
    public async Task A_cluster_without_the_group_version_feature_serves_no_KIP_848_groups()
    {
        await using var broker = await Brokers.StartAsync();
        await using (var client = await RawClient.ConnectAsync(broker))
        {
            var update = new UpdateFeaturesRequest { TimeoutMs = 10_000 };
            update.FeatureUpdates.Add(new() { Feature = "group.version", MaxVersionLevel = 0, UpgradeType = 2 });
            Assert.Equal(ErrorCode.None, (await client.CallAsync(update, 1)).ErrorCode);
        }

        Assert.Equal((ErrorCode.UnsupportedVersion, ErrorCode.UnsupportedVersion), await AskAsync(broker));
    }

    private static async Task<(ErrorCode Heartbeat, ErrorCode Described)> AskAsync(TestBroker broker)
    {
        await using var client = await RawClient.ConnectAsync(broker);
        var heartbeat = await client.CallAsync(new ConsumerGroupHeartbeatRequest { GroupId = "g" }, 1);
        var described = await client.CallAsync(new ConsumerGroupDescribeRequest { GroupIds = ["g"] }, 1);
        return (heartbeat.ErrorCode, Assert.Single(described.Groups).ErrorCode);
    }
}
