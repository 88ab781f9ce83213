using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Classic;

public sealed class StaticMemberTests
{
    private readonly ShardHarness _shard = new();

    [Fact]
    public void A_static_member_joins_without_a_second_round()
    {
        var join = _shard.Join(instanceId: "i");
        _shard.Advance(3_000);
        Assert.Equal(ErrorCode.None, join.Result().ErrorCode);
        Assert.StartsWith("i-", join.Result().MemberId);
    }

    [Fact]
    public void A_static_member_that_restarts_gets_its_assignment_back_without_a_rebalance()
    {
        var members = _shard.StableMembers(2, "i");
        var back = _shard.Join(instanceId: "i1").Result();

        Assert.Equal(ErrorCode.None, back.ErrorCode);
        Assert.Equal(1, back.GenerationId);
        Assert.NotEqual(members[1].MemberId, back.MemberId);
        Assert.False(back.SkipAssignment);
        Assert.Empty(back.Members);
        Assert.Equal("Stable", _shard.Group().StateName);
        Assert.Equal([1], _shard.Sync(back.MemberId, 1, "i1").Result().Assignment.ToArray());
        Assert.Contains(((GroupMetadataValue)_shard.Records.Last().Value!).Members, member => member.MemberId == back.MemberId);
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(8, false)]
    public void A_static_leader_that_restarts_is_told_not_to_assign_if_it_understands(short version, bool skips)
    {
        var members = _shard.StableMembers(2, "i");
        var back = _shard.Join(instanceId: "i0", version: version).Result();
        Assert.Equal(skips, back.SkipAssignment);
        Assert.Equal(skips ? back.MemberId : members[0].MemberId, back.Leader);
        Assert.Equal(skips ? 2 : 0, back.Members.Count);
    }

    [Fact]
    public void The_old_incarnation_of_a_static_member_is_fenced_everywhere()
    {
        var old = _shard.StableMembers(2, "i")[1].MemberId;
        _shard.Join(instanceId: "i1");
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Heartbeat(old, 1, "i1"));
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Sync(old, 1, "i1").Result().ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Join(old, "i1").Result().ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Leave((old, "i1")).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, Assert.Throws<KafkaException>(() => _shard.Run(machine => machine.CommitOffsets(
            GroupClient.Context, new OffsetCommitRequest { GroupId = "g", MemberId = old, GroupInstanceId = "i1", GenerationIdOrMemberEpoch = 1 }))).ErrorCode);
    }

    [Fact]
    public void The_waiting_join_of_the_old_incarnation_is_fenced()
    {
        var members = _shard.StableMembers(2, "i");
        var waiting = _shard.Join(members[0].MemberId, "i0");
        var replacing = _shard.Join(instanceId: "i0");
        Assert.Equal(ErrorCode.FencedInstanceId, waiting.Result().ErrorCode);
        _shard.Join(members[1].MemberId, "i1");
        Assert.Equal(2, replacing.Result().GenerationId);
    }

    [Fact]
    public void A_static_member_that_comes_back_with_other_protocols_starts_a_rebalance()
    {
        var join = _shard.Join(instanceId: "i0", protocols: ["range", "sticky"]);
        _shard.Advance(3_001);
        _shard.Sync(join.Result().MemberId, 1, "i0");
        var back = _shard.Join(instanceId: "i0", protocols: ["sticky"]);
        Assert.Equal(2, back.Result().GenerationId);
        Assert.Equal("sticky", back.Result().ProtocolName);
    }

    [Fact]
    public void A_replacement_that_cannot_be_stored_is_taken_back()
    {
        var members = _shard.StableMembers(2, "i");
        _shard.AppendError = ErrorCode.NotEnoughReplicas;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _shard.Join(instanceId: "i1").Result().ErrorCode);
        _shard.AppendError = null;
        Assert.Equal(ErrorCode.None, _shard.Heartbeat(members[1].MemberId, 1, "i1"));
        Assert.Equal([1], _shard.Sync(members[1].MemberId, 1, "i1").Result().Assignment.ToArray());
    }

    [Fact]
    public void A_static_member_keeps_its_place_through_a_rebalance_it_misses()
    {
        var members = _shard.StableMembers(2, "i");
        var rejoin = _shard.Join(members[0].MemberId, "i0", rebalanceMs: 5_000);
        _shard.Advance(1);
        _shard.Heartbeat(members[1].MemberId, 1, "i1");
        for (var i = 0; i < 12; i++)
        {
            _shard.Advance(5_000);
            _shard.Heartbeat(members[1].MemberId, 1, "i1");
        }

        Assert.Equal(2, rejoin.Result().GenerationId);
        Assert.Equal(2, rejoin.Result().Members.Count);
    }

    [Fact]
    public void A_static_member_can_be_removed_by_its_instance_id_alone()
    {
        _shard.StableMembers(2, "i");
        var response = _shard.Leave(("", "i1"), ("", "i7"), ("", null));
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.UnknownMemberId], response.Members.Select(member => member.ErrorCode));
        Assert.Equal(1, _shard.Group().MemberCount);
    }

    [Fact]
    public void An_unknown_instance_with_a_member_id_is_an_unknown_member()
    {
        var members = _shard.StableMembers(1, "i");
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(members[0].MemberId, "other").Result().ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(members[0].MemberId, 1, "other"));
    }
}
