using Barnabas.Coordination.Tests.Support;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Tests.Transactions;

public sealed class FencingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_new_producer_fences_the_one_before(short version)
    {
        var harness = new TransactionHarness(version);
        var old = harness.Init();
        var fresh = harness.Init();
        Assert.Equal((old.ProducerId, old.ProducerEpoch + 1), (fresh.ProducerId, fresh.ProducerEpoch));
        Assert.Equal(ErrorCode.ProducerFenced, harness.Add(old));
        Assert.Equal(ErrorCode.ProducerFenced, harness.End(old).Error);
        Assert.Equal(ErrorCode.None, harness.Add(fresh));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_new_producer_aborts_the_open_transaction_and_comes_again(short version)
    {
        var harness = new TransactionHarness(version);
        var old = harness.Init();
        harness.Add(old);
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.Init().Error);
        Assert.Equal(TransactionState.PrepareAbort, harness["x"].State);
        Assert.Equal((false, (short)1), (harness.Markers.Peek().IsCommit, harness.Markers.Peek().ProducerEpoch));
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.Init().Error);
        Assert.Single(harness.Markers);
        harness.CompleteMarkers();
        Assert.Equal(2, harness.Init().ProducerEpoch);
    }

    [Fact]
    public void A_producer_that_goes_on_after_an_error_gets_the_next_epoch_and_the_same_one_when_it_asks_again()
    {
        var harness = new TransactionHarness(0);
        var producer = harness.Init();
        var next = harness.Init(expected: TransactionHarness.Of(producer));
        Assert.Equal(1, next.ProducerEpoch);
        Assert.Equal(1, harness.Init(expected: TransactionHarness.Of(producer)).ProducerEpoch);
        Assert.Equal(2, harness.Init(expected: TransactionHarness.Of(next)).ProducerEpoch);
        Assert.Equal(ErrorCode.ProducerFenced, harness.Init(expected: TransactionHarness.Of(producer)).Error);
        Assert.Equal(ErrorCode.ProducerFenced, harness.Init(expected: new ProducerIdAndEpoch(99, 0)).Error);
    }

    [Fact]
    public void A_new_producer_in_between_fences_the_one_that_goes_on()
    {
        var harness = new TransactionHarness(0);
        var producer = harness.Init();
        harness.Init(expected: TransactionHarness.Of(producer));
        harness.Init();
        Assert.Equal(ErrorCode.ProducerFenced, harness.Init(expected: TransactionHarness.Of(producer)).Error);
    }

    [Fact]
    public void An_expected_producer_of_an_unknown_id_gets_a_new_one()
    {
        var harness = new TransactionHarness();
        Assert.Equal(ErrorCode.None, harness.Init(expected: new ProducerIdAndEpoch(5, 3)).Error);
    }

    [Fact]
    public void When_the_epochs_are_used_up_the_next_producer_has_another_id()
    {
        var harness = new TransactionHarness(0);
        var producer = harness.Init();
        harness.SetEpoch(producer, short.MaxValue - 1);
        var last = producer with { ProducerEpoch = short.MaxValue - 1 };
        var next = harness.Init(expected: TransactionHarness.Of(last));
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1001, 0), next);
        // The answer was lost: the same request finds the same producer.
        Assert.Equal(next, harness.Init(expected: TransactionHarness.Of(last)));
    }

    [Fact]
    public void With_version_2_the_end_of_a_transaction_rotates_the_producer_id_when_the_epochs_are_used_up()
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        harness.SetEpoch(producer, short.MaxValue - 1);
        var last = producer with { ProducerEpoch = short.MaxValue - 1 };
        harness.Add(last);
        var next = harness.End(last);
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1001, 0), next);
        Assert.Equal((producer.ProducerId, short.MaxValue), (harness.Markers.Peek().ProducerId, harness.Markers.Peek().ProducerEpoch));
        harness.CompleteMarkers();
        Assert.Equal(next, harness.End(last));
        Assert.Equal(ErrorCode.None, harness.Add(next));
    }

    [Fact]
    public void A_fence_that_was_not_written_raises_the_epoch_once_when_it_is()
    {
        var harness = new TransactionHarness(0);
        harness.Add(harness.Init());
        harness.AppendError = ErrorCode.NotEnoughReplicas;
        Assert.Equal(ErrorCode.NotEnoughReplicas, harness.Init().Error);
        Assert.Equal(ErrorCode.NotEnoughReplicas, harness.Init().Error);
        harness.AppendError = null;
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.Init().Error);
        Assert.Equal(1, harness["x"].ProducerEpoch);
    }
}
