namespace Barnabas.Client.Producer;

/// <summary>Where a transactional producer stands.</summary>
internal enum TransactionPhase
{
    /// <summary>It has no producer id yet.</summary>
    Uninitialized,

    /// <summary>No transaction is open.</summary>
    Ready,

    /// <summary>Records may be sent.</summary>
    InTransaction,

    /// <summary>A commit is under way; when it ran out of time it may be asked for again.</summary>
    Committing,

    /// <summary>An abort is under way; when it ran out of time it may be asked for again.</summary>
    Aborting,

    /// <summary>Something was lost: the transaction can only be aborted.</summary>
    AbortableError,

    /// <summary>Nothing more can be done.</summary>
    FatalError,
}
