using Barnabas.Client.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Consumer;

/// <summary>When a partition is fetched from a leader, and when its position is validated first (KIP-320).</summary>
public sealed class PartitionStateTests
{
    private readonly PartitionState _state = new(new TopicPartition("t", 0));

    [Fact]
    public void A_position_without_an_epoch_is_fetched_from_any_leader()
    {
        _state.SeekTo(7, leaderEpoch: -1);
        Assert.True(_state.MayFetchFrom(1));
        Assert.True(_state.MayFetchFrom(2));
    }

    [Fact]
    public void A_position_with_an_epoch_is_validated_with_another_leader()
    {
        _state.SeekTo(7, leaderEpoch: 1);
        Assert.True(_state.MayFetchFrom(1));
        Assert.False(_state.MayFetchFrom(2));
        Assert.Equal(PositionPhase.NeedsValidation, _state.Phase);
    }

    [Fact]
    public void A_position_sought_with_an_old_epoch_is_validated_before_its_first_fetch()
    {
        _state.SeekTo(7, leaderEpoch: 1);
        Assert.False(_state.MayFetchFrom(2));
        Assert.Equal(PositionPhase.NeedsValidation, _state.Phase);
    }

    [Fact]
    public void What_was_fetched_before_the_leader_changed_is_read_and_then_validated()
    {
        _state.SeekTo(0, leaderEpoch: -1);
        Assert.True(_state.MayFetchFrom(1));
        _state.AdvanceFetch(3);
        Assert.False(_state.MayFetchFrom(2));
        Assert.Equal((PositionPhase.Known, 3L), (_state.Phase, _state.FetchOffset));

        _state.Advance(3, leaderEpoch: 1);
        Assert.False(_state.MayFetchFrom(2));
        Assert.Equal(PositionPhase.NeedsValidation, _state.Phase);
        _state.CompleteValidation(leaderEpoch: 2);
        Assert.True(_state.MayFetchFrom(2));
    }

    [Fact]
    public void What_was_fetched_without_an_epoch_is_read_and_the_new_leader_fetched_from()
    {
        _state.SeekTo(0, leaderEpoch: -1);
        Assert.True(_state.MayFetchFrom(1));
        _state.AdvanceFetch(3);
        Assert.False(_state.MayFetchFrom(2));
        _state.Advance(3, leaderEpoch: -1);
        Assert.True(_state.MayFetchFrom(2));
    }
}
