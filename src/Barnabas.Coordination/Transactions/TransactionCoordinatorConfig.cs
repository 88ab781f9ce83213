namespace Barnabas.Coordination.Transactions;

/// <summary>The configuration of the transaction coordinator. Durations in milliseconds.</summary>
public sealed record TransactionCoordinatorConfig
{
    /// <summary>transaction.max.timeout.ms.</summary>
    public required int MaxTimeoutMs { get; init; }

    /// <summary>transactional.id.expiration.ms.</summary>
    public required long TransactionalIdExpirationMs { get; init; }

    /// <summary>transaction.abort.timed.out.transaction.cleanup.interval.ms.</summary>
    public required long AbortTimedOutIntervalMs { get; init; }

    /// <summary>transaction.remove.expired.transaction.cleanup.interval.ms.</summary>
    public required long RemoveExpiredIntervalMs { get; init; }

    /// <summary>transaction.two.phase.commit.enable.</summary>
    public required bool TwoPhaseCommitEnable { get; init; }
}
