using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Driver;

/// <content>Changes of the quorum (KIP-853).</content>
public sealed partial class RaftDriver
{
    private const short MaxKRaftVersion = 1;

    /// <inheritdoc/>
    public VoterSet UpdatedVoters =>
        _history.Latest.With(new Voter(_node.Self, _options.Endpoints, 0, MaxKRaftVersion));

    /// <inheritdoc/>
    public long ScheduleVoters(int epoch, short? kraftVersion, VoterSet voters) =>
        Schedule(epoch, offset => new PendingAppend.Voters(epoch, offset, kraftVersion, voters));

    private void Apply(PendingAppend.Voters change)
    {
        if (change.KRaftVersion is { } version) _history.AddVersion(change.BaseOffset, version);
        _history.AddVoters(change.LastOffset, change.Set);
        _node.ChangeVoters(change.Set);
        RaftDriverLog.VotersChanged(_logger, change.Set.Voters.Count, _history.KRaftVersion, change.LastOffset);
    }
}
