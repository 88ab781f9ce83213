namespace Barnabas.Storage;

/// <summary>Who appends, which decides how much is validated.</summary>
public enum AppendOrigin
{
    /// <summary>A follower's copy of what its leader validated.</summary>
    Replication,

    /// <summary>A coordinator of this broker: no sequences, control batches allowed.</summary>
    Coordinator,

    /// <summary>A produce request: everything is validated.</summary>
    Client,

    /// <summary>The Raft leader, which assigns offsets and epochs itself.</summary>
    RaftLeader,
}

/// <summary>How far a read may see.</summary>
public enum FetchIsolation
{
    /// <summary>To the log end offset (followers).</summary>
    LogEnd,

    /// <summary>To the high watermark (consumers, read_uncommitted).</summary>
    HighWatermark,

    /// <summary>To the last stable offset (consumers, read_committed).</summary>
    TransactionCommitted,
}
