using System.Text.RegularExpressions;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Transactions;

/// <summary>What ListTransactions asks for. Empty filters let all through.</summary>
/// <param name="States">The states.</param>
/// <param name="HasStateFilter">Whether states were asked for, known ones or not.</param>
/// <param name="ProducerIds">The producer ids.</param>
/// <param name="DurationMs">How long, in milliseconds, a transaction has to be running at least; negative for any.</param>
/// <param name="TransactionalIdPattern">What the whole transactional id has to match, or null.</param>
internal sealed record TransactionFilter(
    IReadOnlySet<TransactionState> States, bool HasStateFilter, IReadOnlySet<long> ProducerIds, long DurationMs, Regex? TransactionalIdPattern)
{
    public bool Includes(TransactionMetadata metadata, long nowMs) =>
        (ProducerIds.Count == 0 || ProducerIds.Contains(metadata.ProducerId))
        && (!HasStateFilter || States.Contains(metadata.State))
        && (DurationMs < 0 || nowMs - metadata.StartMs > DurationMs)
        && (TransactionalIdPattern is null || TransactionalIdPattern.IsMatch(metadata.TransactionalId));
}

internal sealed partial class TransactionCoordinatorShard
{
    /// <summary>ListTransactions of this shard.</summary>
    public List<ListTransactionsResponse.TransactionStateData> List(TransactionFilter filter)
    {
        var listed = new List<ListTransactionsResponse.TransactionStateData>();
        foreach (var metadata in _transactions.Values)
        {
            if (filter.Includes(metadata, _context.NowMs))
                listed.Add(new() { TransactionalId = metadata.TransactionalId, ProducerId = metadata.ProducerId, TransactionState = metadata.State.ToString() });
        }

        return listed;
    }

    /// <summary>DescribeTransactions of one id.</summary>
    public DescribeTransactionsResponse.TransactionStateData Describe(string transactionalId)
    {
        var described = new DescribeTransactionsResponse.TransactionStateData { TransactionalId = transactionalId };
        if (Find(transactionalId) is not { } metadata)
        {
            described.ErrorCode = ErrorCode.TransactionalIdNotFound;
            return described;
        }

        described.TransactionState = metadata.State.ToString();
        described.TransactionTimeoutMs = metadata.TimeoutMs;
        described.TransactionStartTimeMs = metadata.StartMs;
        described.ProducerId = metadata.ProducerId;
        described.ProducerEpoch = metadata.ProducerEpoch;
        foreach (var topic in metadata.Partitions.GroupBy(static p => p.Topic).OrderBy(static g => g.Key, StringComparer.Ordinal))
            described.Topics.Add(new() { Topic = topic.Key, Partitions = [.. topic.Select(static p => p.Partition).Order()] });
        return described;
    }
}
