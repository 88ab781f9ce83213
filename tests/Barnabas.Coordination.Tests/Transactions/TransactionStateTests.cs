using Barnabas.Coordination.Tests.Support;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Tests.Transactions;

public sealed class TransactionStateTests
{
    private static readonly TopicPartition Tp1 = new("t", 1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_transaction_goes_from_empty_by_ongoing_and_prepared_to_complete(short version)
    {
        var harness = new TransactionHarness(version);
        var producer = harness.Init();
        Assert.Equal(new ProducerAnswer(ErrorCode.None, 1000, 0), producer);
        Assert.Equal(TransactionState.Empty, harness["x"].State);

        Assert.Equal(ErrorCode.None, harness.Add(producer));
        Assert.Equal(TransactionState.Ongoing, harness["x"].State);
        Assert.Equal(harness.NowMs, harness["x"].StartMs);

        Assert.Equal(ErrorCode.None, harness.End(producer).Error);
        Assert.Equal(TransactionState.PrepareCommit, harness["x"].State);
        var markers = harness.Markers.Peek();
        Assert.Equal((true, 7, version == 2 ? (short)1 : (short)0), (markers.IsCommit, markers.CoordinatorEpoch, markers.ProducerEpoch));
        Assert.Equal([TransactionHarness.Tp], markers.Partitions);

        harness.CompleteMarkers();
        Assert.Equal(TransactionState.CompleteCommit, harness["x"].State);
        Assert.Empty(harness["x"].Partitions);
    }

    [Fact]
    public void With_version_2_each_transaction_has_the_epoch_after_the_one_before()
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        for (short epoch = 0; epoch < 5; epoch++)
        {
            Assert.Equal(epoch, producer.ProducerEpoch);
            Assert.Equal(ErrorCode.None, harness.Add(producer));
            producer = harness.End(producer, isCommit: epoch % 2 == 0);
            harness.CompleteMarkers();
        }
    }

    [Fact]
    public void Partitions_are_added_to_what_is_there_and_an_addition_that_adds_nothing_writes_nothing()
    {
        var harness = new TransactionHarness(0);
        var producer = harness.Init();
        harness.Add(producer);
        harness.Add(producer, Tp1);
        Assert.Equal(2, harness["x"].Partitions.Count);
        var written = harness.Log.Count;
        Assert.Equal(ErrorCode.None, harness.Add(producer, Tp1, TransactionHarness.Tp));
        Assert.Equal(written, harness.Log.Count);
    }

    [Fact]
    public void While_markers_are_written_everything_else_has_to_come_again()
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        harness.Add(producer);
        var next = harness.End(producer);
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.Add(next));
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.Init().Error);
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.End(producer).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, harness.End(producer, isCommit: false).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Before_version_2_an_empty_transaction_does_not_end(bool isCommit)
    {
        var harness = new TransactionHarness(1);
        Assert.Equal(ErrorCode.InvalidTxnState, harness.End(harness.Init(), isCommit).Error);
    }

    [Fact]
    public void Before_version_2_the_same_end_again_is_fine_and_the_other_is_not()
    {
        var harness = new TransactionHarness(1);
        var producer = harness.Init();
        harness.Add(producer);
        harness.End(producer);
        Assert.Equal(ErrorCode.ConcurrentTransactions, harness.End(producer).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, harness.End(producer, isCommit: false).Error);
        harness.CompleteMarkers();
        Assert.Equal(ErrorCode.None, harness.End(producer).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, harness.End(producer, isCommit: false).Error);
    }

    [Theory]
    [InlineData(true, true, true, ErrorCode.None)]
    [InlineData(true, true, false, ErrorCode.InvalidTxnState)]
    [InlineData(true, false, true, ErrorCode.InvalidTxnState)]
    [InlineData(true, false, false, ErrorCode.None)]
    [InlineData(false, true, true, ErrorCode.InvalidTxnState)]
    [InlineData(false, true, false, ErrorCode.None)]
    [InlineData(false, false, true, ErrorCode.InvalidTxnState)]
    [InlineData(false, false, false, ErrorCode.None)]
    public void With_version_2_the_epoch_tells_a_repeated_end_from_the_next(bool committed, bool isRetry, bool commits, ErrorCode expected)
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        harness.Add(producer);
        var next = harness.End(producer, committed);
        harness.CompleteMarkers();

        var answer = harness.End(isRetry ? producer : next, commits);
        Assert.Equal(expected, answer.Error);
        if (expected != ErrorCode.None)
            return;
        Assert.Equal(isRetry ? next.ProducerEpoch : next.ProducerEpoch + 1, answer.ProducerEpoch);
        Assert.Equal(isRetry ? 0 : 1, harness.Markers.Count);
    }

    [Fact]
    public void With_version_2_an_empty_transaction_aborts_and_an_older_epoch_is_fenced()
    {
        var harness = new TransactionHarness();
        var first = harness.Init();
        var second = harness.Init();
        Assert.Equal(ErrorCode.ProducerFenced, harness.End(first, isCommit: false).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, harness.End(second).Error);
        Assert.Equal(2, harness.End(second, isCommit: false).ProducerEpoch);
        Assert.Empty(harness.Markers.Peek().Partitions);
        harness.CompleteMarkers();
        Assert.Equal(TransactionState.CompleteAbort, harness["x"].State);
    }

    [Fact]
    public void Verification_tells_which_partitions_belong_to_the_transaction()
    {
        var harness = new TransactionHarness(0);
        var producer = harness.Init();
        harness.Add(producer);
        Assert.Equal(
            [ErrorCode.None, ErrorCode.TransactionAbortable],
            harness.Shard.VerifyPartitions("x", TransactionHarness.Of(producer), [TransactionHarness.Tp, Tp1]));
        Assert.Equal(ErrorCode.ProducerFenced, Refused(() => harness.Shard.VerifyPartitions("x", new(producer.ProducerId, 9), [Tp1])));
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, Refused(() => harness.Shard.VerifyPartitions("x", new(5, 0), [Tp1])));
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, Refused(() => harness.Shard.VerifyPartitions("nobody", TransactionHarness.Of(producer), [Tp1])));
        harness.End(producer);
        Assert.Equal(ErrorCode.ConcurrentTransactions, Refused(() => harness.Shard.VerifyPartitions("x", TransactionHarness.Of(producer), [Tp1])));
    }

    [Fact]
    public void A_write_that_fails_changes_nothing_and_sends_no_marker()
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        harness.Add(producer);
        harness.AppendError = ErrorCode.NotEnoughReplicas;
        Assert.Equal(ErrorCode.NotEnoughReplicas, harness.End(producer).Error);
        Assert.Equal(TransactionState.Ongoing, harness["x"].State);
        Assert.Equal(0, harness["x"].ProducerEpoch);
        Assert.Empty(harness.Markers);
        harness.AppendError = null;
        Assert.Equal(1, harness.End(producer).ProducerEpoch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_decision_that_is_committed_after_its_client_gave_up_has_its_markers_sent(bool isOfClient)
    {
        var harness = new TransactionHarness().Reload();
        var producer = harness.Init(timeoutMs: 5_000);
        harness.Add(producer);
        harness.IsCommitLate = true;
        if (isOfClient)
            Assert.Equal(ErrorCode.RequestTimedOut, harness.End(producer).Error);
        else
            harness.Advance(10_000);
        Assert.Equal(isOfClient ? TransactionState.PrepareCommit : TransactionState.PrepareAbort, harness["x"].State);
        harness.Advance(1);
        Assert.Empty(harness.Markers);

        harness.IsCommitLate = false;
        harness.Advance(1);
        Assert.Equal(isOfClient, Assert.Single(harness.Markers).IsCommit);
        harness.CompleteMarkers();
        Assert.True(harness["x"].State is TransactionState.CompleteCommit or TransactionState.CompleteAbort);
    }

    private static ErrorCode Refused(Action action) => Assert.Throws<KafkaException>(action).ErrorCode;
}
