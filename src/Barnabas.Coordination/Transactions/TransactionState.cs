namespace Barnabas.Coordination.Transactions;

/// <summary>Where a transactional id stands. The numbers are those in the log.</summary>
public enum TransactionState : sbyte
{
    /// <summary>The producer has initialized and added nothing yet.</summary>
    Empty = 0,

    /// <summary>Partitions belong to the transaction.</summary>
    Ongoing = 1,

    /// <summary>It is decided that it commits; markers are being written.</summary>
    PrepareCommit = 2,

    /// <summary>It is decided that it aborts; markers are being written.</summary>
    PrepareAbort = 3,

    /// <summary>All commit markers are written.</summary>
    CompleteCommit = 4,

    /// <summary>All abort markers are written.</summary>
    CompleteAbort = 5,

    /// <summary>The id has expired. Never in the log: a tombstone says it.</summary>
    Dead = 6,

    /// <summary>Its producer is being fenced before an abort. Never in the log.</summary>
    PrepareEpochFence = 7,
}

/// <summary>What can be said of states without looking at a transaction.</summary>
internal static class TransactionStates
{
    private static readonly TransactionState[] All = Enum.GetValues<TransactionState>();

    public static bool IsPrepared(this TransactionState state) => state is TransactionState.PrepareCommit or TransactionState.PrepareAbort;

    /// <summary>Whether an id in this state is forgotten when it is not used.</summary>
    public static bool MayExpire(this TransactionState state) =>
        state is TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort;

    /// <summary>The state of a name as tools and listings spell it, or null.</summary>
    public static TransactionState? FromName(string name)
    {
        foreach (var state in All)
        {
            if (state.ToString() == name)
                return state;
        }

        return null;
    }
}
