using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

// Transactions (KIP-664): what coordinators and partitions know of them, and how hanging ones are ended.
public sealed partial class AdminClient
{
    /// <summary>The transactional ids of all brokers, by broker.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">A broker refuses or does not answer in time.</exception>
    public Task<IReadOnlyDictionary<int, IReadOnlyList<TransactionListing>>> ListTransactionsAsync(
        TransactionFilter filter, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return RunAsync<IReadOnlyDictionary<int, IReadOnlyList<TransactionListing>>>("listTransactions", timeout, async token =>
        {
            var snapshot = await _cluster.Metadata.RefreshAsync(token);
            var listings = new SortedDictionary<int, IReadOnlyList<TransactionListing>>();
            foreach (var node in snapshot.Nodes.Values)
                listings[node.Id] = await ListTransactionsAsync(node, filter, token);
            return listings;
        }, cancellationToken);
    }

    /// <summary>What the coordinators know of transactional ids.</summary>
    /// <param name="transactionalIds">Which.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<string, Outcome<TransactionDescription>>> DescribeTransactionsAsync(
        IReadOnlyCollection<string> transactionalIds, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, TransactionDescription>("describeTransactions", transactionalIds);
        return RunAsync(call, timeout, (open, token) => AtTransactionCoordinatorsAsync(call, open, async (connection, id, inner) =>
        {
            var response = await connection.SendAsync(new DescribeTransactionsRequest { TransactionalIds = [id] }, inner);
            foreach (var state in response.TransactionStates)
            {
                if (state.ErrorCode != ErrorCode.None) throw state.ErrorCode.ToException();
                lock (call) call.Succeed(state.TransactionalId, Describe(connection.Node.Id, state));
            }
        }, token), cancellationToken);
    }

    /// <summary>Fences the producers of transactional ids; a transaction that is open is aborted (KIP-588).</summary>
    /// <param name="transactionalIds">Which.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<string, Outcome<Done>>> FenceProducersAsync(
        IReadOnlyCollection<string> transactionalIds, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<string, Done>("fenceProducer", transactionalIds);
        return RunAsync(call, timeout, (open, token) => AtTransactionCoordinatorsAsync(call, open, async (connection, id, inner) =>
        {
            var response = await connection.SendAsync(new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = TimeoutMs(timeout) }, inner);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            lock (call) call.Succeed(id, default);
        }, token), cancellationToken);
    }

    /// <summary>Ends a hanging transaction in one partition by an abort marker (KIP-664).</summary>
    /// <param name="partition">Where it hangs.</param>
    /// <param name="producerId">Whose it is.</param>
    /// <param name="producerEpoch">The producer's epoch.</param>
    /// <param name="coordinatorEpoch">The epoch of the coordinator that wrote the producer's last marker; 0 without one.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">It was not ended.</exception>
    public async Task AbortTransactionAsync(
        TopicPartition partition, long producerId, short producerEpoch, int coordinatorEpoch, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<TopicPartition, Done>("abortTransaction", [partition]);
        var outcomes = await RunAsync(call, timeout, (open, token) => ForEachLeaderAsync(call, open, async (connection, _, inner) =>
        {
            var request = new WriteTxnMarkersRequest();
            var marker = new WriteTxnMarkersRequest.WritableTxnMarker
            {
                ProducerId = producerId,
                ProducerEpoch = producerEpoch,
                CoordinatorEpoch = coordinatorEpoch,
            };
            marker.Topics.Add(new() { Name = partition.Topic, PartitionIndexes = [partition.Partition] });
            request.Markers.Add(marker);
            var response = await connection.SendAsync(request, inner);
            var error = response.Markers.SelectMany(m => m.Topics).SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(ErrorCode.UnknownServerError);
            lock (call)
            {
                if (error == ErrorCode.None) call.Succeed(partition, default);
                else if (ErrorCodes.IsRetriable(error)) call.Retry(partition, error.ToException());
                else call.Fail(partition, error.ToException());
            }
        }, token), cancellationToken);
        _ = outcomes[partition].Value;
    }

    private async Task<IReadOnlyList<TransactionListing>> ListTransactionsAsync(Node node, TransactionFilter filter, CancellationToken cancellationToken)
    {
        var connection = await _cluster.ConnectAsync(node, ConnectionRole.Regular, cancellationToken);
        // An older node would answer with more than was asked for.
        var lowest = filter.TransactionalIdPattern is not null ? (short)2 : filter.DurationMs is not null ? (short)1 : (short)0;
        var request = new ListTransactionsRequest
        {
            StateFilters = [.. filter.States],
            ProducerIdFilters = [.. filter.ProducerIds],
            DurationFilter = filter.DurationMs ?? -1,
            TransactionalIdPattern = filter.TransactionalIdPattern,
        };
        var response = await connection.SendAsync(request, connection.Versions.Choose(ApiKey.ListTransactions, lowest), cancellationToken);
        if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
        return response.TransactionStates.ConvertAll(state => new TransactionListing(state.TransactionalId, state.ProducerId, state.TransactionState));
    }

    private async Task AtTransactionCoordinatorsAsync<TValue>(
        KeyedCall<string, TValue> call, IReadOnlyList<string> transactionalIds, Func<NodeConnection, string, CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        foreach (var id in transactionalIds)
        {
            try
            {
                var connection = await _cluster.ConnectToCoordinatorAsync(CoordinatorKind.Transaction, id, cancellationToken);
                await ask(connection, id, cancellationToken);
            }
            catch (KafkaException error)
            {
                if (ErrorClassification.NeedsCoordinatorLookup(error.ErrorCode)) _cluster.ForgetCoordinator(CoordinatorKind.Transaction, id);
                lock (call)
                {
                    if (ErrorClassification.IsRetriable(error)) call.Retry(id, error);
                    else call.Fail(id, error);
                }
            }
        }
    }

    private static TransactionDescription Describe(int nodeId, DescribeTransactionsResponse.TransactionStateData state) => new(
        nodeId, state.TransactionState, state.ProducerId, state.ProducerEpoch, state.TransactionTimeoutMs,
        state.TransactionStartTimeMs < 0 ? null : state.TransactionStartTimeMs,
        [.. state.Topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition)))]);
}
