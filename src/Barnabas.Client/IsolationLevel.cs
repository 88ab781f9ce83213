namespace Barnabas.Client;

/// <summary><c>isolation.level</c>: which records of transactions are seen.</summary>
public enum IsolationLevel
{
    /// <summary>All, also those of open and aborted transactions.</summary>
    ReadUncommitted = 0,

    /// <summary>Those of committed transactions only.</summary>
    ReadCommitted = 1,
}
