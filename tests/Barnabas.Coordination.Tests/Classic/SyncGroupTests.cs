using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Classic;

public sealed class SyncGroupTests
{
    private readonly ShardHarness _shard = new();

    [Fact]
    public void Followers_wait_for_the_leaders_assignment()
    {
        var (leader, follower) = TwoJoined();
        var waiting = _shard.Sync(follower.MemberId, 1);
        Assert.False(waiting.IsCompleted);

        var leading = _shard.Sync(leader.MemberId, 1, assignments: [(leader.MemberId, [1]), (follower.MemberId, [2])]);
        Assert.Equal([1], leading.Result().Assignment.ToArray());
        Assert.Equal([2], waiting.Result().Assignment.ToArray());
        Assert.Equal("range", waiting.Result().ProtocolName);
        Assert.Equal("consumer", waiting.Result().ProtocolType);
        Assert.Equal("Stable", _shard.Group().StateName);
    }

    [Fact]
    public void The_assignment_leaves_only_when_it_is_committed()
    {
        var (leader, follower) = TwoJoined();
        _shard.HoldsCommits = true;
        var leading = _shard.Sync(leader.MemberId, 1, assignments: [(follower.MemberId, [2])]);
        Assert.False(leading.IsCompleted);
        Assert.Equal("CompletingRebalance", _shard.Group().StateName);
        _shard.CommitAll();
        Assert.Equal(ErrorCode.None, leading.Result().ErrorCode);
        Assert.True(leading.Result().Assignment.IsEmpty);
    }

    [Theory]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.RequestTimedOut, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.NotLeaderOrFollower, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.RecordListTooLarge, ErrorCode.UnknownServerError)]
    [InlineData(ErrorCode.MessageTooLarge, ErrorCode.UnknownServerError)]
    public void An_assignment_that_cannot_be_stored_makes_everyone_rejoin(ErrorCode append, ErrorCode told)
    {
        var (leader, follower) = TwoJoined();
        var waiting = _shard.Sync(follower.MemberId, 1);
        _shard.AppendError = append;
        var leading = _shard.Sync(leader.MemberId, 1);
        Assert.Equal(told, leading.Result().ErrorCode);
        Assert.Equal(told, waiting.Result().ErrorCode);
        Assert.Equal("PreparingRebalance", _shard.Group().StateName);
    }

    [Fact]
    public void An_assignment_that_a_new_rebalance_overtook_is_dropped()
    {
        var (leader, follower) = TwoJoined();
        _shard.HoldsCommits = true;
        var leading = _shard.Sync(leader.MemberId, 1, assignments: [(leader.MemberId, [1])]);
        _shard.Join(follower.MemberId, metadata: GroupClient.Subscription("other"));
        Assert.Equal(ErrorCode.RebalanceInProgress, leading.Result().ErrorCode);
        _shard.CommitAll();
        Assert.Equal("PreparingRebalance", _shard.Group().StateName);
    }

    [Fact]
    public void A_stable_group_answers_its_assignment_again()
    {
        var members = _shard.StableMembers(2);
        Assert.Equal([1], _shard.Sync(members[1].MemberId, 1).Result().Assignment.ToArray());
    }

    [Theory]
    [InlineData("nobody", 1, null, null, ErrorCode.UnknownMemberId)]
    [InlineData(null, 2, null, null, ErrorCode.IllegalGeneration)]
    [InlineData(null, 0, null, null, ErrorCode.IllegalGeneration)]
    [InlineData(null, 1, "connect", "range", ErrorCode.InconsistentGroupProtocol)]
    [InlineData(null, 1, "consumer", "sticky", ErrorCode.InconsistentGroupProtocol)]
    [InlineData(null, 1, "consumer", "range", ErrorCode.None)]
    public void A_sync_must_fit_the_generation(string? memberId, int generation, string? protocolType, string? protocolName, ErrorCode expected)
    {
        var (id, _) = _shard.StableMember();
        var sync = _shard.Sync(memberId ?? id, generation, protocolType: protocolType, protocolName: protocolName);
        Assert.Equal(expected, sync.Result().ErrorCode);
    }

    [Fact]
    public void A_sync_to_a_missing_or_empty_group_comes_from_an_unknown_member()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Sync("m", 1).Result().ErrorCode);
        var (memberId, generation) = _shard.StableMember();
        _shard.Leave((memberId, null));
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Sync(memberId, generation).Result().ErrorCode);
    }

    [Fact]
    public void A_sync_during_a_rebalance_sends_the_member_to_rejoin()
    {
        var members = _shard.StableMembers(2);
        _shard.Join(members[0].MemberId);
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Sync(members[1].MemberId, 1).Result().ErrorCode);
    }

    [Fact]
    public void Members_that_do_not_sync_in_time_are_removed_and_the_rest_rejoin()
    {
        var (leader, follower) = TwoJoined();
        var waiting = _shard.Sync(follower.MemberId, 1);
        for (var i = 0; i < 12; i++)
        {
            _shard.Heartbeat(leader.MemberId, 1);
            _shard.Advance(5_001);
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, waiting.Result().ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(leader.MemberId, 1));
        var rejoin = _shard.Join(follower.MemberId).Result();
        Assert.Equal(2, rejoin.GenerationId);
        Assert.Equal(follower.MemberId, rejoin.Leader);
    }

    [Fact]
    public void A_stable_generation_is_written_as_Kafka_writes_it()
    {
        var (memberId, _) = _shard.StableMember(instanceId: "i");
        var record = _shard.Records.Last();
        var value = Assert.IsType<GroupMetadataValue>(record.Value);
        Assert.Equal(3, record.ValueVersion);
        Assert.Equal(2, record.Type);
        Assert.Equal("g", ((GroupMetadataKey)record.Key).Group);
        Assert.Equal(1, value.Generation);
        Assert.Equal("range", value.Protocol);
        Assert.Equal("consumer", value.ProtocolType);
        Assert.Equal(memberId, value.Leader);
        var member = Assert.Single(value.Members);
        Assert.Equal("i", member.GroupInstanceId);
        Assert.Equal("client", member.ClientId);
        Assert.Equal("/127.0.0.1", member.ClientHost);
        Assert.Equal(60_000, member.RebalanceTimeout);
        Assert.Equal(10_000, member.SessionTimeout);
        Assert.Equal(GroupClient.Subscription("topic"), member.Subscription.ToArray());
        Assert.Equal([1, 2, 3], member.Assignment.ToArray());
    }

    private (JoinGroupResponse Leader, JoinGroupResponse Follower) TwoJoined()
    {
        var leader = _shard.Join(version: 3);
        var follower = _shard.Join(version: 3);
        _shard.Advance(6_001);
        return (leader.Result(), follower.Result());
    }
}
