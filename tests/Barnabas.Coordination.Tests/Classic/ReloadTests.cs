using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Tests.Classic;

public sealed class ReloadTests
{
    [Fact]
    public void A_stable_group_goes_on_after_its_coordinator_moved()
    {
        var before = new ShardHarness();
        var members = before.StableMembers(3, "i");
        var after = before.Reload();

        var group = after.Group();
        Assert.Equal("Stable", group.StateName);
        Assert.Equal(members[0].MemberId, group.LeaderId);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ErrorCode.None, after.Heartbeat(members[i].MemberId, 1, "i" + i));
            Assert.Equal([(byte)i], after.Sync(members[i].MemberId, 1, "i" + i).Result().Assignment.ToArray());
        }

        Assert.True(group.IsSubscribedToTopic("topic"));
        Assert.False(group.IsSubscribedToTopic("other"));
    }

    [Fact]
    public void Sessions_begin_anew_when_a_group_is_loaded()
    {
        var before = new ShardHarness();
        var (memberId, _) = before.StableMember();
        var after = before.Reload();
        after.Advance(9_999);
        Assert.Equal(ErrorCode.None, after.Heartbeat(memberId, 1));
        after.Advance(10_000);
        Assert.Equal("Empty", after.Group().StateName);
    }

    [Fact]
    public void A_group_over_a_lowered_capacity_rebalances_when_it_is_loaded()
    {
        var before = new ShardHarness();
        var members = before.StableMembers(3);
        var after = new ShardHarness(ShardHarness.DefaultConfig with { MaxGroupSize = 2 }, before.NowMs);
        foreach (var record in before.Records)
            after.Inject(record);
        after.Shard.OnLoaded();
        Assert.Equal("PreparingRebalance", after.Group().StateName);
        after.Join(members[0].MemberId);
        after.Join(members[1].MemberId);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, after.Join(members[2].MemberId).Result().ErrorCode);
    }

    [Fact]
    public void Records_without_protocol_or_state_timestamp_are_understood()
    {
        var shard = new ShardHarness();
        shard.Inject(new(
            new Protocol.Messages.GroupMetadataKey { Group = "g" },
            new Protocol.Messages.GroupMetadataValue { ProtocolType = "", Generation = 4, Protocol = null, Leader = null },
            0));
        Assert.Equal("Empty", shard.Group().StateName);
        Assert.Equal(4, shard.Group().GenerationId);
        Assert.Null(shard.Group().ProtocolType);
        Assert.Equal(-1, ((Protocol.Messages.GroupMetadataValue)GroupRecords.EmptyGroupMetadata(shard.Group()).Value!).CurrentStateTimestamp);
    }
}
