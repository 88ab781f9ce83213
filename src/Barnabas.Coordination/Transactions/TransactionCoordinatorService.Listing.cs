using System.Text.RegularExpressions;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Transactions;

public sealed partial class TransactionCoordinatorService
{
    /// <summary>ListTransactions of every shard this node has (KIP-664, KIP-994, KIP-1152). One that loads fails the whole, as in Kafka.</summary>
    public async Task<ListTransactionsResponse> ListAsync(ListTransactionsRequest request)
    {
        var response = new ListTransactionsResponse();
        if (!_isActive)
        {
            response.ErrorCode = ErrorCode.CoordinatorNotAvailable;
            return response;
        }

        try
        {
            var filter = FilterOf(request, response.UnknownStateFilters);
            foreach (var shardTransactions in _runtime.ReadAllAsync(shard => shard.List(filter)))
                await AddAsync(shardTransactions, response.TransactionStates);
            return response;
        }
        catch (Exception e)
        {
            return new ListTransactionsResponse { ErrorCode = CoordinatorErrors.ToClientError(e) };
        }
    }

    /// <summary>DescribeTransactions.</summary>
    public async Task<DescribeTransactionsResponse> DescribeAsync(IReadOnlyList<string> transactionalIds)
    {
        var response = new DescribeTransactionsResponse();
        foreach (var transactionalId in transactionalIds)
            response.TransactionStates.Add(await DescribeAsync(transactionalId));
        return response;
    }

    private static async Task AddAsync(
        Task<List<ListTransactionsResponse.TransactionStateData>> shardTransactions, List<ListTransactionsResponse.TransactionStateData> into)
    {
        try
        {
            into.AddRange(await shardTransactions);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.NotCoordinator)
        {
            // The shard moved away since it was asked: the node it moved to lists its transactions.
        }
    }

    private async Task<DescribeTransactionsResponse.TransactionStateData> DescribeAsync(string transactionalId)
    {
        var error = Check(transactionalId);
        if (error == ErrorCode.None)
        {
            try
            {
                return await _runtime.ReadAsync(ShardOf(transactionalId), shard => shard.Describe(transactionalId));
            }
            catch (Exception e)
            {
                error = CoordinatorErrors.ToClientError(e);
            }
        }

        return new() { TransactionalId = transactionalId, ErrorCode = error };
    }

    internal static TransactionFilter FilterOf(ListTransactionsRequest request, List<string> unknownStates)
    {
        var states = new HashSet<TransactionState>();
        foreach (var name in request.StateFilters)
        {
            if (TransactionStates.FromName(name) is { } state)
                states.Add(state);
            else
                unknownStates.Add(name);
        }

        return new TransactionFilter(
            states, request.StateFilters.Count > 0, request.ProducerIdFilters.ToHashSet(), request.DurationFilter, Compile(request.TransactionalIdPattern));
    }

    /// <exception cref="KafkaException">INVALID_REGULAR_EXPRESSION.</exception>
    private static Regex? Compile(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern))
            return null;
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new KafkaException(ErrorCode.InvalidRegularExpression, $"Transactional ID pattern `{pattern}` is not a valid regular expression: {e.Message}.");
        }
    }
}
