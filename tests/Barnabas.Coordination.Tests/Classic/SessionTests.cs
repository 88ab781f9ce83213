using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Classic;

public sealed class SessionTests
{
    private readonly ShardHarness _shard = new();

    [Fact]
    public void Heartbeats_keep_a_member_and_their_absence_removes_it()
    {
        var (memberId, generation) = _shard.StableMember();
        for (var i = 0; i < 10; i++)
        {
            _shard.Advance(9_999);
            Assert.Equal(ErrorCode.None, _shard.Heartbeat(memberId, generation));
        }

        _shard.Advance(10_000);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(memberId, generation));
        Assert.Equal("Empty", _shard.Group().StateName);
        Assert.Equal(2, _shard.Group().GenerationId);
    }

    [Fact]
    public void An_offset_commit_keeps_the_session_too()
    {
        var (memberId, generation) = _shard.StableMember();
        for (var i = 0; i < 3; i++)
        {
            _shard.Advance(9_999);
            _shard.Run(machine => machine.CommitOffsets(GroupClient.Context, new OffsetCommitRequest { GroupId = "g", MemberId = memberId, GenerationIdOrMemberEpoch = generation }));
        }

        Assert.Equal(ErrorCode.None, _shard.Heartbeat(memberId, generation));
    }

    [Theory]
    [InlineData("nobody", 1, ErrorCode.UnknownMemberId)]
    [InlineData(null, 0, ErrorCode.IllegalGeneration)]
    [InlineData(null, 2, ErrorCode.IllegalGeneration)]
    [InlineData(null, 1, ErrorCode.None)]
    public void A_heartbeat_must_fit_the_generation(string? memberId, int generation, ErrorCode expected)
    {
        var (id, _) = _shard.StableMember();
        Assert.Equal(expected, _shard.Heartbeat(memberId ?? id, generation));
    }

    [Fact]
    public void A_heartbeat_to_a_missing_group_comes_from_an_unknown_member() =>
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat("m", 1));

    [Fact]
    public void The_loss_of_a_member_makes_the_others_rejoin()
    {
        var members = _shard.StableMembers(2);
        _shard.Advance(6_000);
        _shard.Heartbeat(members[1].MemberId, 1);
        _shard.Advance(6_000);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(members[1].MemberId, 1));
        var rejoin = _shard.Join(members[1].MemberId).Result();
        Assert.Equal(members[1].MemberId, rejoin.Leader);
        Assert.Equal(2, rejoin.GenerationId);
    }

    [Fact]
    public void A_member_that_waits_for_the_group_is_not_timed_out()
    {
        var members = _shard.StableMembers(2);
        var waiting = _shard.Join(members[0].MemberId, sessionMs: 1_000);
        for (var i = 0; i < 5; i++)
        {
            _shard.Advance(5_000);
            Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(members[1].MemberId, 1));
        }

        Assert.False(waiting.IsCompleted);
        _shard.Join(members[1].MemberId);
        Assert.Equal(ErrorCode.None, waiting.Result().ErrorCode);
    }

    [Fact]
    public void Leaving_starts_a_rebalance_of_the_rest()
    {
        var members = _shard.StableMembers(3);
        var response = _shard.Leave((members[0].MemberId, null), ("nobody", null), (members[1].MemberId, null));
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.None], response.Members.Select(member => member.ErrorCode));
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(members[2].MemberId, 1));
        Assert.Single(_shard.Join(members[2].MemberId).Result().Members);
    }

    [Fact]
    public void The_last_member_to_leave_leaves_an_empty_group_in_the_log()
    {
        var (memberId, _) = _shard.StableMember();
        _shard.Leave((memberId, null));
        var value = Assert.IsType<GroupMetadataValue>(_shard.Records.Last().Value);
        Assert.Empty(value.Members);
        Assert.Equal(2, value.Generation);
        Assert.Null(value.Protocol);
        Assert.Null(value.Leader);
        Assert.Equal("consumer", value.ProtocolType);
    }

    [Fact]
    public void A_pending_member_can_leave()
    {
        var (memberId, _) = _shard.StableMember();
        var pending = _shard.Join().Result().MemberId;
        var rejoin = _shard.Join(memberId);
        Assert.Equal(ErrorCode.None, _shard.Leave((pending, null)).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.None, rejoin.Result().ErrorCode);
    }

    [Fact]
    public void A_member_that_leaves_while_its_join_waits_is_told()
    {
        var members = _shard.StableMembers(2);
        var waiting = _shard.Join(members[0].MemberId);
        _shard.Leave((members[0].MemberId, null));
        Assert.Equal(ErrorCode.UnknownMemberId, waiting.Result().ErrorCode);
    }

    [Fact]
    public void Leaving_a_missing_group_throws_unknown_member() =>
        Assert.Equal(ErrorCode.UnknownMemberId, Assert.Throws<KafkaException>(() => _shard.Leave(("m", null))).ErrorCode);

    [Fact]
    public void When_the_partition_moves_everyone_who_waits_is_sent_away()
    {
        var members = _shard.StableMembers(2);
        var waiting = _shard.Join(members[0].MemberId);
        _shard.Shard.OnUnloaded();
        Assert.Equal(ErrorCode.NotCoordinator, waiting.Result().ErrorCode);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _shard.Heartbeat(members[1].MemberId, 1));
    }
}
