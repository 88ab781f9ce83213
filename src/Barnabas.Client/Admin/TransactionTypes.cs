using Barnabas.Protocol;

namespace Barnabas.Client.Admin;

/// <summary>A transactional id as its coordinator lists it.</summary>
/// <param name="TransactionalId">The id.</param>
/// <param name="ProducerId">The producer that writes under it.</param>
/// <param name="State">Kafka's name of its state, such as <c>Ongoing</c>.</param>
public sealed record TransactionListing(string TransactionalId, long ProducerId, string State);

/// <summary>A transactional id in full.</summary>
/// <param name="CoordinatorId">The node that coordinates it.</param>
/// <param name="State">Kafka's name of its state.</param>
/// <param name="ProducerId">The producer that writes under it.</param>
/// <param name="ProducerEpoch">The producer's epoch.</param>
/// <param name="TimeoutMs">How long a transaction may stay open, in milliseconds.</param>
/// <param name="StartTimeMs">When the transaction began, in milliseconds since 1970; null without one.</param>
/// <param name="Partitions">The partitions of the transaction.</param>
public sealed record TransactionDescription(
    int CoordinatorId, string State, long ProducerId, int ProducerEpoch, long TimeoutMs, long? StartTimeMs, IReadOnlyList<TopicPartition> Partitions);

/// <summary>Which transactional ids to list. What is empty or null does not filter.</summary>
/// <param name="States">Only those in one of these states.</param>
/// <param name="ProducerIds">Only those of one of these producers.</param>
/// <param name="DurationMs">Only those whose transaction is open for longer than this many milliseconds (KIP-994).</param>
/// <param name="TransactionalIdPattern">Only those that match this regular expression (KIP-1152).</param>
public sealed record TransactionFilter(
    IReadOnlyCollection<string> States, IReadOnlyCollection<long> ProducerIds, long? DurationMs = null, string? TransactionalIdPattern = null)
{
    /// <summary>All of them.</summary>
    public static TransactionFilter All { get; } = new([], []);
}
