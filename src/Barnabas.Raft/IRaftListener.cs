namespace Barnabas.Raft;

/// <summary>A committed batch of the metadata log.</summary>
/// <param name="BaseOffset">The offset of the first record.</param>
/// <param name="LastOffset">The offset of the last record.</param>
/// <param name="Epoch">The leader epoch that appended it.</param>
/// <param name="AppendTimestampMs">When it was appended, in milliseconds since the Unix epoch.</param>
/// <param name="SizeInBytes">Its size in the log.</param>
/// <param name="Records">The record values; empty for batches of control records.</param>
public sealed record CommittedBatch(
    long BaseOffset,
    long LastOffset,
    int Epoch,
    long AppendTimestampMs,
    int SizeInBytes,
    IReadOnlyList<ReadOnlyMemory<byte>> Records);

/// <summary>
/// Follows the committed metadata log. Called on the raft thread, one call at a time and in the order of offsets; an
/// exception stops the node, since it cannot follow the log any further.
/// </summary>
public interface IRaftListener
{
    /// <summary>Replaces everything delivered so far by a snapshot. The reader belongs to the caller.</summary>
    void HandleLoadSnapshot(Snapshots.SnapshotReader snapshot);

    /// <summary>Takes the next committed batches.</summary>
    void HandleCommit(IReadOnlyList<CommittedBatch> batches);

    /// <summary>
    /// Tells of a new leader or epoch. When this node is the leader, everything committed in earlier epochs has been
    /// delivered before.
    /// </summary>
    void HandleLeaderChange(LeaderAndEpoch leader);
}
