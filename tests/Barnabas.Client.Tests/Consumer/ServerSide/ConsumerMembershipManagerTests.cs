using Barnabas.Client.Consumer.Membership.ServerSide;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Consumer.ServerSide;

public sealed class ConsumerMembershipManagerTests
{
    private static readonly Uuid TopicA = new(1, 1);
    private static readonly Uuid TopicB = new(1, 2);
    private readonly ConsumerMembershipManager _member = new("member", isStatic: false);

    [Fact]
    public void A_member_joins_reconciles_acknowledges_and_is_stable()
    {
        _member.Join();
        Assert.Equal((MemberState.Joining, 0), (_member.State, _member.MemberEpoch));
        _member.HeartbeatGenerated();
        _member.HeartbeatSucceeded(3, Partitions(TopicA, 0, 1));
        Assert.Equal((MemberState.Reconciling, 3), (_member.State, _member.MemberEpoch));
        _member.Reconciled(_member.Target, _member.Target.Partitions);
        Assert.Equal(MemberState.Acknowledging, _member.State);
        Assert.True(_member.ShouldHeartbeatNow);
        _member.HeartbeatGenerated();
        Assert.Equal(MemberState.Stable, _member.State);
        Assert.False(_member.ShouldHeartbeatNow);
    }

    [Fact]
    public void An_answer_without_assignment_moves_the_epoch_alone()
    {
        Stable();
        _member.HeartbeatSucceeded(9, null);
        Assert.Equal((MemberState.Stable, 9), (_member.State, _member.MemberEpoch));
    }

    [Fact]
    public void The_same_assignment_again_is_nothing_to_reconcile()
    {
        Stable();
        _member.HeartbeatSucceeded(4, Partitions(TopicA, 0, 1));
        Assert.Equal(MemberState.Stable, _member.State);
    }

    [Fact]
    public void A_target_that_comes_back_to_what_is_read_is_acknowledged_all_the_same()
    {
        Stable();
        _member.HeartbeatSucceeded(4, Partitions(TopicA, 0));
        _member.HeartbeatSucceeded(5, Partitions(TopicA, 0, 1));
        Assert.Equal(MemberState.Reconciling, _member.State);
    }

    [Fact]
    public void A_target_that_comes_while_acknowledging_is_reconciled_next()
    {
        _member.Join();
        _member.HeartbeatSucceeded(1, Partitions(TopicA, 0));
        _member.Reconciled(_member.Target, _member.Target.Partitions);
        _member.HeartbeatSucceeded(2, Partitions(TopicB, 0));
        Assert.Equal(MemberState.Reconciling, _member.State);
        _member.HeartbeatGenerated();
        Assert.Equal(MemberState.Reconciling, _member.State);
    }

    [Fact]
    public void A_part_of_the_target_is_acknowledged_and_the_rest_reconciled()
    {
        _member.Join();
        _member.HeartbeatSucceeded(1, new Dictionary<Uuid, IReadOnlySet<int>> { [TopicA] = new HashSet<int> { 0 }, [TopicB] = new HashSet<int> { 0 } });
        _member.Reconciled(_member.Target, Partitions(TopicA, 0));
        _member.HeartbeatGenerated();
        Assert.Equal(MemberState.Reconciling, _member.State);
    }

    [Fact]
    public void A_fenced_member_keeps_its_partitions_until_the_poll_and_joins_anew()
    {
        Stable();
        var incarnation = _member.Incarnation;
        _member.Fence();
        Assert.Equal((MemberState.Fenced, 0, 2), (_member.State, _member.MemberEpoch, _member.Current.Count));
        Assert.True(_member.ShouldSkipHeartbeat);
        Assert.NotEqual(incarnation, _member.Incarnation);
        _member.HeartbeatSucceeded(5, Partitions(TopicB, 0));
        Assert.Equal(MemberState.Fenced, _member.State);
        _member.Join();
        Assert.Equal((MemberState.Joining, 0), (_member.State, _member.Current.Count));
    }

    [Fact]
    public void A_reconciliation_that_ends_after_the_member_was_fenced_acknowledges_nothing()
    {
        _member.Join();
        _member.HeartbeatSucceeded(1, Partitions(TopicA, 0));
        _member.Fence();
        _member.Reconciled(_member.Target, _member.Target.Partitions);
        Assert.Equal(MemberState.Fenced, _member.State);
    }

    [Theory]
    [InlineData(false, -1)]
    [InlineData(true, -2)]
    public void Leaving_says_so_by_the_epoch(bool isStatic, int epoch)
    {
        var member = new ConsumerMembershipManager("member", isStatic);
        member.Join();
        member.HeartbeatSucceeded(1, Partitions(TopicA, 0));
        Assert.True(member.PrepareToLeave());
        member.HeartbeatSucceeded(2, Partitions(TopicB, 0));
        Assert.Equal((MemberState.PrepareLeaving, 1), (member.State, member.MemberEpoch));
        Assert.True(member.Leave());
        Assert.Equal((MemberState.Leaving, epoch), (member.State, member.MemberEpoch));
        member.HeartbeatGenerated();
        Assert.Equal(MemberState.Unsubscribed, member.State);
        Assert.Equal(0, member.Current.Count);
    }

    [Fact]
    public void A_member_fenced_while_it_prepares_to_leave_has_left()
    {
        Stable();
        _member.PrepareToLeave();
        _member.Fence();
        Assert.False(_member.Leave());
        Assert.Equal(MemberState.Unsubscribed, _member.State);
    }

    [Fact]
    public void A_member_whose_caller_does_not_poll_is_stale_until_it_does()
    {
        Stable();
        Assert.True(_member.Expire());
        Assert.Equal((MemberState.Leaving, -1), (_member.State, _member.MemberEpoch));
        _member.HeartbeatGenerated();
        Assert.Equal((MemberState.Stale, 2), (_member.State, _member.Current.Count));
        Assert.True(_member.ShouldSkipHeartbeat);
        _member.Join();
        Assert.Equal(MemberState.Joining, _member.State);
    }

    [Fact]
    public void Who_is_stale_or_fenced_has_nothing_to_leave()
    {
        Stable();
        _member.Fence();
        Assert.False(_member.PrepareToLeave());
        Assert.Equal(MemberState.Unsubscribed, _member.State);
        _member.Join();
    }

    [Fact]
    public void A_failed_member_neither_joins_nor_leaves()
    {
        Stable();
        _member.Fail();
        Assert.False(_member.PrepareToLeave());
        Assert.Throws<InvalidOperationException>(_member.Join);
        Assert.Equal(MemberState.Fatal, _member.State);
    }

    private void Stable()
    {
        _member.Join();
        _member.HeartbeatSucceeded(1, Partitions(TopicA, 0, 1));
        _member.Reconciled(_member.Target, _member.Target.Partitions);
        _member.HeartbeatGenerated();
        Assert.Equal(MemberState.Stable, _member.State);
    }

    private static Dictionary<Uuid, IReadOnlySet<int>> Partitions(Uuid topic, params int[] numbers) => new() { [topic] = numbers.ToHashSet() };
}
