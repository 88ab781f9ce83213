using Microsoft.Extensions.Logging;

namespace Barnabas.Raft.Driver;

/// <summary>What the raft driver tells an operator.</summary>
internal static partial class RaftDriverLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Metadata log of node {NodeId} has offsets {Start} to {End} and {Snapshots} snapshot(s), the newest {Latest}; the quorum has {Voters} voter(s) at kraft.version {KRaftVersion}.")]
    internal static partial void Opened(
        ILogger logger, int nodeId, long start, long end, int snapshots, OffsetAndEpoch? latest, int voters, short kraftVersion);

    [LoggerMessage(2, LogLevel.Information, "Leader of the metadata quorum is now {LeaderId} in epoch {Epoch}.")]
    internal static partial void LeaderChanged(ILogger logger, int? leaderId, int epoch);

    [LoggerMessage(3, LogLevel.Information, "Wrote snapshot {Id} of the metadata log ({Bytes} bytes).")]
    internal static partial void SnapshotWritten(ILogger logger, OffsetAndEpoch id, long bytes);

    [LoggerMessage(4, LogLevel.Information, "Deleted snapshot {Id} of the metadata log; the log now starts at offset {Start}.")]
    internal static partial void SnapshotDeleted(ILogger logger, OffsetAndEpoch id, long start);

    [LoggerMessage(5, LogLevel.Warning,
        "Snapshot {Id} is ahead of the metadata log, which ends at {End}: the log is emptied and starts at the snapshot.")]
    internal static partial void LogBehindSnapshot(ILogger logger, OffsetAndEpoch id, long end);

    [LoggerMessage(7, LogLevel.Information, "Node {Candidate} asks for a vote in epoch {Epoch} (pre-vote: {IsPreVote}): granted {Granted}, {Error}.")]
    internal static partial void VoteAnswered(ILogger logger, int candidate, int epoch, bool isPreVote, bool granted, Protocol.ErrorCode error);

    [LoggerMessage(8, LogLevel.Information, "The quorum has {Voters} voter(s) at kraft.version {KRaftVersion} from offset {Offset} on.")]
    internal static partial void VotersChanged(ILogger logger, int voters, short kraftVersion, long offset);

    [LoggerMessage(6, LogLevel.Critical, "The metadata log failed; this node cannot go on and stops.")]
    internal static partial void Failed(ILogger logger, Exception exception);
}
