namespace Barnabas.Protocol.Records;

/// <summary>What a control record says: the type in its key.</summary>
public enum ControlRecordType : short
{
    /// <summary>A type from a later version; readers pass over it.</summary>
    Unknown = -1,

    /// <summary>The producer's transaction ended and does not count.</summary>
    Abort = 0,

    /// <summary>The producer's transaction ended and counts.</summary>
    Commit = 1,

    /// <summary>A raft leader begins its epoch (KIP-595).</summary>
    LeaderChange = 2,

    /// <summary>The first record of a snapshot (KIP-630).</summary>
    SnapshotHeader = 3,

    /// <summary>The last record of a snapshot (KIP-630).</summary>
    SnapshotFooter = 4,

    /// <summary>The kraft.version of the quorum (KIP-853).</summary>
    KRaftVersion = 5,

    /// <summary>The voters of the quorum (KIP-853).</summary>
    KRaftVoters = 6,
}
