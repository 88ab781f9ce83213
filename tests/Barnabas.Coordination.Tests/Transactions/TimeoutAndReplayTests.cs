using Barnabas.Coordination.Tests.Support;
using Barnabas.Coordination.Transactions;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Transactions;

public sealed class TimeoutAndReplayTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_transaction_open_too_long_is_aborted_and_its_producer_fenced(short version)
    {
        var harness = new TransactionHarness(version).Reload();
        var producer = harness.Init(timeoutMs: 25_000);
        harness.Add(producer);
        harness.Advance(20_000);
        Assert.Equal(TransactionState.Ongoing, harness["x"].State);
        harness.Advance(10_000);
        Assert.Equal(TransactionState.PrepareAbort, harness["x"].State);
        Assert.Equal(1, harness.Markers.Peek().ProducerEpoch);
        harness.CompleteMarkers();
        Assert.Equal(ErrorCode.ProducerFenced, harness.Add(producer));
    }

    [Fact]
    public void Adding_partitions_does_not_prolong_a_transaction()
    {
        var harness = new TransactionHarness(0).Reload();
        var producer = harness.Init(timeoutMs: 25_000);
        harness.Add(producer);
        harness.Advance(20_000);
        harness.Add(producer, new TopicPartition("t", 9));
        harness.Advance(10_000);
        Assert.Equal(TransactionState.PrepareAbort, harness["x"].State);
    }

    [Fact]
    public void A_timed_out_producer_at_its_last_epoch_is_aborted_with_another_producer_id()
    {
        var harness = new TransactionHarness().Reload();
        var producer = harness.Init(timeoutMs: 5_000);
        harness.SetEpoch(producer, short.MaxValue - 1);
        harness.Add(producer with { ProducerEpoch = short.MaxValue - 1 });
        harness.Advance(10_000);
        Assert.Equal(["x"], harness.ProducerIdRequests);
        Assert.True(harness.Run(shard => shard.AbortTimedOut("x", 77), _ => false));
        harness.CompleteMarkers();
        Assert.Equal((77, (short)0), (harness["x"].ProducerId, harness["x"].ProducerEpoch));
    }

    [Fact]
    public void Ids_without_use_are_forgotten_but_not_while_their_transaction_is_open()
    {
        var harness = new TransactionHarness(0).Reload();
        var producer = harness.Init(timeoutMs: int.MaxValue);
        harness.Init("idle");
        harness.Add(producer);
        harness.Advance(TransactionHarness.Config.TransactionalIdExpirationMs + 60_000);
        Assert.Equal(["x"], harness.Shard.Transactions.Keys);
        Assert.Null(harness.Read(harness.Log[^1]).Value);
        Assert.Equal(["x"], harness.Reload().Shard.Transactions.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_decision_outlives_a_restart_and_its_markers_are_sent_again(bool commits)
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        harness.Add(producer);
        harness.End(producer, commits);
        var sent = harness.Markers.Peek();

        var reloaded = harness.Reload();
        var again = reloaded.Markers.Peek();
        Assert.Equal((sent.ProducerId, sent.ProducerEpoch, commits, sent.TransactionVersion), (again.ProducerId, again.ProducerEpoch, again.IsCommit, again.TransactionVersion));
        Assert.Equal(sent.Partitions, again.Partitions);
        reloaded.CompleteMarkers();
        Assert.Equal(commits ? TransactionState.CompleteCommit : TransactionState.CompleteAbort, reloaded["x"].State);
        Assert.Empty(reloaded.Reload().Markers);
    }

    [Fact]
    public void An_open_transaction_goes_on_after_a_restart()
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        harness.Add(producer);
        var reloaded = harness.Reload();
        Assert.Equal(TransactionState.Ongoing, reloaded["x"].State);
        Assert.Equal(ErrorCode.None, reloaded.Add(producer, new TopicPartition("t", 3)));
        Assert.Equal(1, reloaded.End(producer).ProducerEpoch);
        Assert.Equal(2, reloaded.Markers.Peek().Partitions.Count);
    }

    [Fact]
    public void Records_are_those_of_Kafka_at_each_transaction_version()
    {
        var harness = new TransactionHarness(0);
        var producer = harness.Init();
        Assert.Null(harness.LastValue().TransactionPartitions);
        Assert.Equal(0, harness.Read(harness.Log[^1]).ValueVersion);
        harness.Add(producer, new TopicPartition("b", 1), new TopicPartition("a", 2), new TopicPartition("b", 0));
        Assert.Equal(["a:2", "b:0,1"], harness.LastValue().TransactionPartitions!.Select(t => $"{t.Topic}:{string.Join(',', t.PartitionIds)}"));

        harness.Version = 2;
        harness.End(producer, clientVersion: 2);
        var value = harness.LastValue();
        Assert.Equal(1, harness.Read(harness.Log[^1]).ValueVersion);
        Assert.Equal((producer.ProducerId, 2, (sbyte)2), (value.PreviousProducerId, value.ClientTransactionVersion, value.TransactionStatus));
    }

    [Fact]
    public void Listing_filters_by_state_producer_duration_and_pattern()
    {
        var harness = new TransactionHarness();
        var producer = harness.Init();
        harness.Add(producer);
        harness.Init("other");
        harness.Advance(1_000);
        Assert.Equal(["other", "x"], List(harness, new()));
        Assert.Equal(["x"], List(harness, new() { StateFilters = ["Ongoing", "Nonsense"] }));
        Assert.Empty(List(harness, new() { StateFilters = ["Nonsense"] }));
        Assert.Equal(["x"], List(harness, new() { ProducerIdFilters = [producer.ProducerId] }));
        Assert.Equal(["x"], List(harness, new() { DurationFilter = 999, StateFilters = ["Ongoing"] }));
        Assert.Empty(List(harness, new() { DurationFilter = 1_000, StateFilters = ["Ongoing"] }));
        Assert.Equal(["other"], List(harness, new() { TransactionalIdPattern = "o.*" }));
        Assert.Empty(List(harness, new() { TransactionalIdPattern = "the" }));
    }

    [Fact]
    public void An_unknown_id_is_not_described()
    {
        var harness = new TransactionHarness();
        Assert.Equal(ErrorCode.TransactionalIdNotFound, harness.Shard.Describe("nobody").ErrorCode);
    }

    private static List<string> List(TransactionHarness harness, ListTransactionsRequest request) =>
        [.. harness.Shard.List(TransactionCoordinatorService.FilterOf(request, [])).Select(t => t.TransactionalId).Order()];
}
