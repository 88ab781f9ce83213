using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Tests.Classic;

public sealed class JoinGroupTests
{
    private readonly ShardHarness _shard = new();

    [Fact]
    public void A_new_dynamic_member_is_given_an_id_and_asked_to_come_back_with_it()
    {
        var first = _shard.Join().Result();

        Assert.Equal(ErrorCode.MemberIdRequired, first.ErrorCode);
        Assert.Matches("^client-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", first.MemberId);
        Assert.True(_shard.Group().IsPendingMember(first.MemberId));

        var second = _shard.Join(first.MemberId);
        Assert.False(second.IsCompleted);
        _shard.Advance(3_000);
        Assert.Equal(ErrorCode.None, second.Result().ErrorCode);
        Assert.Equal(1, second.Result().GenerationId);
        Assert.Equal(first.MemberId, second.Result().Leader);
        Assert.Equal("range", second.Result().ProtocolName);
        Assert.Equal("consumer", second.Result().ProtocolType);
        Assert.Single(second.Result().Members);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Before_version_4_a_new_member_joins_at_once(short version)
    {
        var join = _shard.Join(version: version);
        _shard.Advance(3_000);
        Assert.Equal(ErrorCode.None, join.Result().ErrorCode);
    }

    [Fact]
    public void Version_0_rebalances_within_the_session_timeout()
    {
        _shard.Join(version: 0, sessionMs: 7_000, rebalanceMs: -1);
        Assert.Equal(7_000, _shard.Group().RebalanceTimeoutMs);
    }

    [Fact]
    public void A_new_group_is_written_empty_before_it_has_a_generation()
    {
        _shard.Join();
        var record = Assert.Single(_shard.Records);
        var value = Assert.IsType<Protocol.Messages.GroupMetadataValue>(record.Value);
        Assert.Equal(3, record.ValueVersion);
        Assert.Equal(0, value.Generation);
        Assert.Equal("", value.ProtocolType);
        Assert.Null(value.Protocol);
        Assert.Equal(_shard.NowMs, value.CurrentStateTimestamp);
    }

    [Fact]
    public void A_group_that_cannot_be_written_is_taken_back_and_its_member_told()
    {
        _shard.AppendError = ErrorCode.NotLeaderOrFollower;
        var join = _shard.Join(version: 3);
        Assert.Equal(ErrorCode.NotCoordinator, join.Result().ErrorCode);
        Assert.False(_shard.HasGroup());
    }

    [Fact]
    public void An_id_nobody_gave_is_unknown_whether_the_group_exists_or_not()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join("nobody").Result().ErrorCode);
        Assert.False(_shard.HasGroup());
        _shard.StableMember();
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join("nobody").Result().ErrorCode);
    }

    [Theory]
    [InlineData("", "range")]
    [InlineData("connect", "range")]
    [InlineData("consumer", "sticky")]
    public void A_member_that_has_nothing_in_common_with_the_group_is_refused(string protocolType, string protocol)
    {
        _shard.StableMember();
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Join(protocolType: protocolType, protocols: [protocol]).Result().ErrorCode);
    }

    [Fact]
    public void A_first_member_must_offer_a_protocol()
    {
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Join(protocols: []).Result().ErrorCode);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Join(protocolType: "").Result().ErrorCode);
    }

    [Fact]
    public void The_protocol_most_members_prefer_of_those_all_support_is_chosen()
    {
        var joins = new[]
        {
            _shard.Join(version: 3, protocols: ["cooperative-sticky", "range", "roundrobin"]),
            _shard.Join(version: 3, protocols: ["roundrobin", "range"]),
            _shard.Join(version: 3, protocols: ["range", "roundrobin", "sticky"]),
        };
        _shard.Advance(7_000);
        Assert.All(joins, join => Assert.Equal("range", join.Result().ProtocolName));
    }

    [Fact]
    public void Each_member_that_joins_during_the_initial_delay_prolongs_it_up_to_the_rebalance_timeout()
    {
        var first = _shard.Join(version: 3, rebalanceMs: 7_000);
        _shard.Advance(2_000);
        _shard.Join(version: 3, rebalanceMs: 7_000);
        _shard.Advance(2_000);
        Assert.False(first.IsCompleted);
        _shard.Join(version: 3, rebalanceMs: 7_000);
        _shard.Advance(2_500);
        Assert.False(first.IsCompleted);
        _shard.Advance(500);
        Assert.Equal(3, first.Result().Members.Count);
    }

    [Fact]
    public void Only_the_leader_learns_of_the_members()
    {
        var leader = _shard.Join(version: 3);
        var follower = _shard.Join(version: 3);
        _shard.Advance(6_001);
        Assert.Equal(2, leader.Result().Members.Count);
        Assert.Empty(follower.Result().Members);
        Assert.Equal(leader.Result().MemberId, follower.Result().Leader);
    }

    [Fact]
    public void A_member_over_the_groups_capacity_is_refused()
    {
        var shard = new ShardHarness(ShardHarness.DefaultConfig with { MaxGroupSize = 2 });
        shard.Join(version: 3);
        shard.Join(version: 3);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, shard.Join(version: 3).Result().ErrorCode);
        shard.Advance(6_001);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, shard.Join(version: 3).Result().ErrorCode);
    }

    [Fact]
    public void A_follower_that_rejoins_unchanged_gets_the_generation_it_is_in()
    {
        var members = _shard.StableMembers(2);
        var again = _shard.Join(members[1].MemberId).Result();
        Assert.Equal(members[1].GenerationId, again.GenerationId);
        Assert.Empty(again.Members);
        Assert.Equal("Stable", _shard.Group().StateName);
    }

    [Fact]
    public void A_follower_with_new_metadata_starts_a_rebalance()
    {
        var members = _shard.StableMembers(2);
        var again = _shard.Join(members[1].MemberId, metadata: GroupClient.Subscription("other"));
        Assert.False(again.IsCompleted);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(members[0].MemberId, members[0].GenerationId));
        _shard.Join(members[0].MemberId);
        Assert.Equal(members[1].GenerationId + 1, again.Result().GenerationId);
    }

    [Fact]
    public void The_leader_starts_a_rebalance_by_rejoining()
    {
        var members = _shard.StableMembers(2);
        Assert.False(_shard.Join(members[0].MemberId).IsCompleted);
        Assert.Equal("PreparingRebalance", _shard.Group().StateName);
    }

    [Fact]
    public void A_member_that_missed_its_answer_gets_it_again_while_the_assignment_is_awaited()
    {
        var leader = _shard.Join(version: 3);
        var follower = _shard.Join(version: 3);
        _shard.Advance(6_001);
        var leaderAgain = _shard.Join(leader.Result().MemberId).Result();
        Assert.Equal(2, leaderAgain.Members.Count);
        Assert.Equal(1, leaderAgain.GenerationId);
        Assert.Empty(_shard.Join(follower.Result().MemberId).Result().Members);
    }

    [Fact]
    public void Members_that_do_not_rejoin_in_time_are_removed()
    {
        var members = _shard.StableMembers(3);
        var rejoin = _shard.Join(members[1].MemberId, metadata: GroupClient.Subscription("other"), rebalanceMs: 60_000);
        for (var i = 0; i < 12; i++)
        {
            _shard.Heartbeat(members[0].MemberId, 1);
            _shard.Advance(5_001);
        }

        Assert.Equal(ErrorCode.None, rejoin.Result().ErrorCode);
        Assert.Equal(2, rejoin.Result().GenerationId);
        Assert.Equal(members[1].MemberId, rejoin.Result().Leader);
        Assert.Single(rejoin.Result().Members);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(members[0].MemberId, 1));
    }

    [Fact]
    public void A_rebalance_waits_for_pending_members()
    {
        var (memberId, _) = _shard.StableMember();
        var pending = _shard.Join(sessionMs: 5_000).Result();
        var rejoin = _shard.Join(memberId);
        Assert.False(rejoin.IsCompleted);
        var joined = _shard.Join(pending.MemberId);
        Assert.Equal(ErrorCode.None, rejoin.Result().ErrorCode);
        Assert.Equal(ErrorCode.None, joined.Result().ErrorCode);
    }

    [Fact]
    public void A_pending_member_that_never_joins_is_forgotten_after_its_session_timeout()
    {
        var (memberId, _) = _shard.StableMember();
        _shard.Join(sessionMs: 5_000);
        var rejoin = _shard.Join(memberId);
        _shard.Advance(5_000);
        Assert.Single(rejoin.Result().Members);
        Assert.Equal(0, _shard.Group().PendingJoinCount);
    }

    [Fact]
    public void A_second_join_of_a_waiting_member_takes_over_from_the_first()
    {
        var members = _shard.StableMembers(2);
        var first = _shard.Join(members[0].MemberId);
        var second = _shard.Join(members[0].MemberId);
        Assert.Equal(ErrorCode.RebalanceInProgress, first.Result().ErrorCode);
        _shard.Join(members[1].MemberId);
        Assert.Equal(2, second.Result().GenerationId);
    }

    [Fact]
    public void A_new_member_whose_join_waits_longer_than_five_minutes_is_removed()
    {
        var members = _shard.StableMembers(1);
        var join = _shard.Join(version: 3, rebalanceMs: 600_000, sessionMs: 600_000);
        for (var i = 0; i < 60; i++)
        {
            _shard.Heartbeat(members[0].MemberId, 1);
            _shard.Advance(5_001);
        }

        Assert.NotEqual("Dead", _shard.Group().StateName);
        Assert.True(join.IsCompleted);
    }
}
