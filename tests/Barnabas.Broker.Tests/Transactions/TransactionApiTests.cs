using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Transactions;

public sealed class TransactionApiTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private TopicClient _words = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await Brokers.StartAsync(
            ("transaction.state.log.num.partitions", "2"), ("offsets.topic.num.partitions", "2"), ("transaction.state.log.min.isr", "1"),
            ("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100"));
        _words = await TopicClient.CreateAsync(_broker, partitions: 2);
        await _words.Raw.CallAsync(new FindCoordinatorRequest { KeyType = 0, CoordinatorKeys = ["g"] }, 4);
    }

    public async ValueTask DisposeAsync()
    {
        await _words.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Records_of_an_open_transaction_are_hidden_from_committed_readers_until_it_commits()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        Assert.Equal(ErrorCode.None, await producer.ProduceAsync("a"));
        var open = await producer.FetchCommittedAsync(0);
        Assert.Equal((0, 1), (open.LastStableOffset, open.HighWatermark));
        Assert.Empty(Records.Values(open.Records));

        Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: true));
        var committed = await producer.FetchCommittedAsync(2);
        Assert.Contains("0:a", Records.Values(WithoutControl(committed.Records)));
        Assert.Empty(committed.AbortedTransactions!);
    }

    [Fact]
    public async Task An_aborted_transaction_is_named_to_committed_readers()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        await producer.ProduceAsync("a");
        await producer.ProduceAsync("b");
        var id = producer.ProducerId;
        Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: false));
        var aborted = Assert.Single((await producer.FetchCommittedAsync(3)).AbortedTransactions!);
        Assert.Equal((id, 0), (aborted.ProducerId, aborted.FirstOffset));
    }

    [Fact]
    public async Task Transactions_follow_each_other_each_with_its_epoch()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        for (short epoch = 0; epoch < 10; epoch++)
        {
            Assert.Equal(epoch, producer.Epoch);
            Assert.Equal(ErrorCode.None, await producer.ProduceAsync("a", epoch % 2));
            Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: true));
        }
    }

    [Fact]
    public async Task A_transaction_that_follows_at_once_is_not_refused_for_the_marker_of_the_one_before()
    {
        // The marker may come at any point of the next one's verification; hence many.
        await using var producer = await TransactionClient.CreateAsync(_broker);
        for (var round = 0; round < 300; round++)
        {
            Assert.Equal(ErrorCode.None, await AgainAsync(() => producer.ProduceAsync("a")));
            Assert.Equal(ErrorCode.None, await AgainAsync(() => producer.CommitOffsetAsync(round)));
            Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: round % 3 != 0));
        }

        static async Task<ErrorCode> AgainAsync(Func<Task<ErrorCode>> ask)
        {
            while (true)
            {
                var error = await ask();
                if (error != ErrorCode.ConcurrentTransactions)
                    return error;
            }
        }
    }

    [Theory]
    [InlineData(10, ErrorCode.InvalidTxnState)]
    [InlineData(11, ErrorCode.TransactionAbortable)]
    public async Task Older_producers_have_to_add_a_partition_before_they_write_to_it(short version, ErrorCode expected)
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        Assert.Equal(expected, await producer.ProduceAsync("a", version: version));
        Assert.Equal(ErrorCode.None, await producer.AddPartitionsAsync(0));
        Assert.Equal(ErrorCode.None, await producer.ProduceAsync("a", version: version));
        Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: true, version: 4));
        await producer.FetchCommittedAsync(2);
    }

    [Fact]
    public async Task A_transactional_batch_without_a_transactional_id_is_refused()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        using var builder = new Barnabas.Protocol.Records.RecordBatchBuilder(new());
        builder.Append(Records.Now, null, "a"u8.ToArray());
        builder.SetProducerState(producer.ProducerId, producer.Epoch, 0, isTransactional: true);
        Assert.Equal(ErrorCode.InvalidTxnState, (await _words.ProduceAsync(builder.Build().ToArray())).ErrorCode);
    }

    [Fact]
    public async Task A_fenced_producer_writes_and_commits_nothing()
    {
        await using var zombie = await TransactionClient.CreateAsync(_broker);
        Assert.Equal(ErrorCode.None, await zombie.ProduceAsync("a"));
        await using var fresh = await TransactionClient.CreateAsync(_broker);
        Assert.True(fresh.Epoch > zombie.Epoch);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await zombie.ProduceAsync("b"));
        Assert.Equal(ErrorCode.ProducerFenced, await zombie.EndAsync(commit: true));
        Assert.Single((await fresh.FetchCommittedAsync(2)).AbortedTransactions!);
    }

    [Fact]
    public async Task Offsets_of_a_transaction_count_when_it_commits_and_are_unstable_before()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        Assert.Equal(ErrorCode.None, await producer.CommitOffsetAsync(5));
        Assert.Equal((ErrorCode.None, -1L), await producer.FetchOffsetAsync(requireStable: false));
        Assert.Equal((ErrorCode.UnstableOffsetCommit, -1L), await producer.FetchOffsetAsync(requireStable: true));
        Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: true));
        Assert.Equal(5, await StableOffsetAsync(producer));

        Assert.Equal(ErrorCode.None, await producer.CommitOffsetAsync(9));
        Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: false));
        Assert.Equal(5, await StableOffsetAsync(producer));
    }

    [Theory]
    [InlineData(3, ErrorCode.InvalidTxnState)]
    [InlineData(4, ErrorCode.TransactionAbortable)]
    public async Task Older_producers_have_to_add_the_group_before_they_commit_its_offsets(short version, ErrorCode expected)
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        Assert.Equal(expected, await producer.CommitOffsetAsync(5, version));
        var added = await producer.Raw.CallAsync(
            new AddOffsetsToTxnRequest { TransactionalId = "x", GroupId = "g", ProducerId = producer.ProducerId, ProducerEpoch = producer.Epoch }, 3);
        Assert.Equal(ErrorCode.None, added.ErrorCode);
        Assert.Equal(ErrorCode.None, await producer.CommitOffsetAsync(5, version));
        Assert.Equal(ErrorCode.None, await producer.EndAsync(commit: true, version: 4));
        Assert.Equal(5, await StableOffsetAsync(producer));
    }

    [Fact]
    public async Task One_missing_partition_leaves_the_others_unattempted()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        var request = new AddPartitionsToTxnRequest { V3AndBelowTransactionalId = "x", V3AndBelowProducerId = producer.ProducerId, V3AndBelowProducerEpoch = producer.Epoch };
        request.V3AndBelowTopics.Add(new() { Name = "words", Partitions = [0, 7] });
        var results = (await producer.Raw.CallAsync(request, 3)).ResultsByTopicV3AndBelow[0].ResultsByPartition;
        Assert.Equal([ErrorCode.OperationNotAttempted, ErrorCode.UnknownTopicOrPartition], results.Select(r => (ErrorCode)r.PartitionErrorCode));
    }

    [Fact]
    public async Task A_transaction_open_too_long_is_aborted()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker, init: false);
        Assert.Equal(ErrorCode.InvalidTransactionTimeout, await producer.InitAsync(timeoutMs: 1_000_000));
        Assert.Equal(ErrorCode.InvalidTransactionTimeout, await producer.InitAsync(timeoutMs: 0));
        Assert.Equal(ErrorCode.None, await producer.InitAsync(timeoutMs: 200));
        Assert.Equal(ErrorCode.None, await producer.ProduceAsync("a"));
        Assert.Single((await producer.FetchCommittedAsync(2)).AbortedTransactions!);
        Assert.Equal(ErrorCode.InvalidTxnState, await producer.EndAsync(commit: true));
    }

    [Fact]
    public async Task A_restart_keeps_an_open_transaction_and_its_pending_offsets()
    {
        short epoch;
        long id;
        await using (var producer = await TransactionClient.CreateAsync(_broker))
        {
            Assert.Equal(ErrorCode.None, await producer.ProduceAsync("a"));
            Assert.Equal(ErrorCode.None, await producer.CommitOffsetAsync(5));
            (id, epoch) = (producer.ProducerId, producer.Epoch);
        }

        await _broker.RestartAsync();
        await using var again = await TransactionClient.CreateAsync(_broker, init: false);
        (again.ProducerId, again.Epoch) = (id, epoch);
        Assert.Equal(0, (await again.FetchCommittedAsync(0)).LastStableOffset);
        var ended = ErrorCode.CoordinatorLoadInProgress;
        while (ended is ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator)
            ended = await again.EndAsync(commit: true);
        Assert.Equal(ErrorCode.None, ended);
        await again.FetchCommittedAsync(2);
        Assert.Equal(5, await StableOffsetAsync(again));
    }

    [Fact]
    public async Task A_marker_of_an_older_coordinator_is_refused()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        Assert.Equal(ErrorCode.None, await WriteMarkerAsync(producer, coordinatorEpoch: 5));
        Assert.Equal(ErrorCode.TransactionCoordinatorFenced, await WriteMarkerAsync(producer, coordinatorEpoch: 4));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(7, -1)]
    public async Task A_marker_of_no_producer_is_refused(long producerId, short epoch)
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        Assert.Equal(ErrorCode.UnknownServerError, await WriteMarkerAsync(producer, producerId, epoch, coordinatorEpoch: 5));
    }

    [Fact]
    public async Task Transactions_are_listed_and_described()
    {
        await using var producer = await TransactionClient.CreateAsync(_broker);
        await producer.ProduceAsync("a");
        var listed = await producer.Raw.CallAsync(new ListTransactionsRequest { StateFilters = ["Ongoing", "Odd"] }, 2);
        Assert.Equal(["Odd"], listed.UnknownStateFilters);
        Assert.Equal(("x", producer.ProducerId, "Ongoing"), (listed.TransactionStates[0].TransactionalId, listed.TransactionStates[0].ProducerId, listed.TransactionStates[0].TransactionState));
        Assert.Equal(ErrorCode.InvalidRegularExpression, (await producer.Raw.CallAsync(new ListTransactionsRequest { TransactionalIdPattern = "(" }, 2)).ErrorCode);

        var described = await producer.Raw.CallAsync(new DescribeTransactionsRequest { TransactionalIds = ["x", "nobody", ""] }, 0);
        Assert.Equal([ErrorCode.None, ErrorCode.TransactionalIdNotFound, ErrorCode.InvalidRequest], described.TransactionStates.Select(s => s.ErrorCode));
        Assert.Equal("words", described.TransactionStates[0].Topics[0].Topic);
        Assert.Equal([0], described.TransactionStates[0].Topics[0].Partitions);
    }

    private static async Task<long> StableOffsetAsync(TransactionClient producer)
    {
        while (true)
        {
            var (error, offset) = await producer.FetchOffsetAsync(requireStable: true);
            if (error == ErrorCode.None)
                return offset;
            Assert.Equal(ErrorCode.UnstableOffsetCommit, error);
        }
    }

    private static Task<ErrorCode> WriteMarkerAsync(TransactionClient producer, int coordinatorEpoch) =>
        WriteMarkerAsync(producer, producer.ProducerId, producer.Epoch, coordinatorEpoch);

    private static async Task<ErrorCode> WriteMarkerAsync(TransactionClient producer, long producerId, short epoch, int coordinatorEpoch)
    {
        var request = new WriteTxnMarkersRequest();
        var marker = new WriteTxnMarkersRequest.WritableTxnMarker
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            CoordinatorEpoch = coordinatorEpoch,
        };
        marker.Topics.Add(new() { Name = "words", PartitionIndexes = [0] });
        request.Markers.Add(marker);
        return (await producer.Raw.CallAsync(request, 1)).Markers[0].Topics[0].Partitions[0].ErrorCode;
    }

    private static ReadOnlyMemory<byte> WithoutControl(ReadOnlyMemory<byte>? records)
    {
        foreach (var batch in Barnabas.Protocol.Records.RecordBatches.EnumerateComplete(records ?? default))
        {
            if (!batch.IsControl)
                return batch.Bytes;
        }

        return default;
    }
}
