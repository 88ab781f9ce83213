using Barnabas.Raft;
using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;

namespace Barnabas.Metadata.Tests;

/// <summary>A quorum of nothing but memory: it leads from the start and commits when told, or at once.</summary>
internal sealed class LocalRaft(int nodeId, bool commitsAtOnce = true) : IRaftClient
{
    private readonly List<IRaftListener> _listeners = [];
    private readonly List<CommittedBatch> _pending = [];
    private long _end;

    public LeaderAndEpoch LeaderAndEpoch { get; } = new(nodeId, 1);

    public long? HighWatermark { get; private set; } = 0;

    public OffsetAndEpoch? LatestSnapshotId => null;

    public short KRaftVersion => 1;

    public List<CommittedBatch> Log { get; } = [];

    public void Register(IRaftListener listener)
    {
        _listeners.Add(listener);
        if (Log.Count > 0) listener.HandleCommit([.. Log]);
        listener.HandleLeaderChange(LeaderAndEpoch);
    }

    public long ScheduleAppend(int epoch, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        var batch = new CommittedBatch(_end, _end + records.Count - 1, epoch, 0, records.Sum(r => r.Length), records);
        _end = batch.LastOffset + 1;
        _pending.Add(batch);
        if (commitsAtOnce) Commit();
        return batch.LastOffset;
    }

    public void Commit()
    {
        if (_pending.Count == 0) return;
        CommittedBatch[] batches = [.. _pending];
        _pending.Clear();
        Log.AddRange(batches);
        HighWatermark = _end;
        foreach (var listener in _listeners) listener.HandleCommit(batches);
    }

    public VoterSet UpdatedVoters => VoterSet.Empty;

    public long ScheduleVoters(int epoch, short? kraftVersion, VoterSet voters) => throw new NotSupportedException();

    public SnapshotWriter? CreateSnapshot(OffsetAndEpoch id, long lastContainedLogTimeMs) => null;

    public QuorumDescription Describe() => new(LeaderAndEpoch, HighWatermark ?? -1, [], [], VoterSet.Empty);
}
