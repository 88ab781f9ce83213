using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;

namespace Barnabas.Raft;

/// <summary>What the controller and the metadata loader see of the quorum. All members may be called from any thread.</summary>
public interface IRaftClient
{
    /// <summary>The current leader and epoch.</summary>
    LeaderAndEpoch LeaderAndEpoch { get; }

    /// <summary>The first offset that is not committed yet, or null before it is known.</summary>
    long? HighWatermark { get; }

    /// <summary>The newest snapshot, or null.</summary>
    OffsetAndEpoch? LatestSnapshotId { get; }

    /// <summary>The kraft.version of the quorum: 0 for static voters, 1 for those that control records name.</summary>
    short KRaftVersion { get; }

    /// <summary>Adds a listener, which gets the newest snapshot and everything committed after it.</summary>
    void Register(IRaftListener listener);

    /// <summary>
    /// Appends one batch of records, all of it or nothing. Returns at once; the batch is committed when listeners get
    /// it. Batches are written in the order of the calls, and those that wait together share one flush.
    /// </summary>
    /// <param name="epoch">The epoch in which the caller leads.</param>
    /// <param name="records">The record values.</param>
    /// <returns>The offset that the last record gets.</returns>
    /// <exception cref="NotLeaderException">This node does not lead in that epoch.</exception>
    long ScheduleAppend(int epoch, IReadOnlyList<ReadOnlyMemory<byte>> records);

    /// <summary>
    /// Appends the control records of a changed quorum, in the order of the calls among appended batches. The change holds
    /// as soon as it is written (KIP-853).
    /// </summary>
    /// <param name="epoch">The epoch in which the caller leads.</param>
    /// <param name="kraftVersion">The new kraft.version, or null when it stays.</param>
    /// <param name="voters">The new voters.</param>
    /// <returns>The offset that the last control record gets.</returns>
    /// <exception cref="NotLeaderException">This node does not lead in that epoch.</exception>
    long ScheduleVoters(int epoch, short? kraftVersion, VoterSet voters);

    /// <summary>The voters with what this node knows of itself: its directory, endpoints and supported versions.</summary>
    VoterSet UpdatedVoters { get; }

    /// <summary>Starts a snapshot of everything below the id's offset.</summary>
    /// <param name="id">The end offset (exclusive) and the epoch of the record before it.</param>
    /// <param name="lastContainedLogTimeMs">The append time of the last contained record.</param>
    /// <returns>The writer, or null when that snapshot exists already.</returns>
    /// <exception cref="ArgumentException">The offset is not committed.</exception>
    SnapshotWriter? CreateSnapshot(OffsetAndEpoch id, long lastContainedLogTimeMs);

    /// <summary>The quorum as DescribeQuorum tells it.</summary>
    QuorumDescription Describe();
}
