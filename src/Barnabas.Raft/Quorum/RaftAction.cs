namespace Barnabas.Raft.Quorum;

/// <summary>What the state machine asks its driver to do, in order.</summary>
public abstract record RaftAction
{
    private RaftAction()
    {
    }

    /// <summary>Write the election state durably before anything after it.</summary>
    /// <param name="State">What to write.</param>
    public sealed record Persist(ElectionState State) : RaftAction;

    /// <summary>Append and flush the control batch that starts a leader's epoch.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="GrantingVoters">The voters that elected this node.</param>
    public sealed record StartEpoch(int Epoch, IReadOnlyList<ReplicaKey> GrantingVoters) : RaftAction;

    /// <summary>Ask the other voters for their vote.</summary>
    /// <param name="Epoch">The epoch of the election.</param>
    /// <param name="Voters">The voters to ask.</param>
    public sealed record RequestVotes(int Epoch, IReadOnlyList<ReplicaKey> Voters) : RaftAction;

    /// <summary>Start an election once the role's time has passed, unless another epoch or leader came meanwhile.</summary>
    /// <param name="Role">The role: a follower waits as long as a leader may be silent, others as long as an election may take.</param>
    public sealed record AwaitElection(RaftRole Role) : RaftAction;

    /// <summary>Records below the offset are committed.</summary>
    /// <param name="Offset">The new high watermark.</param>
    public sealed record AdvanceHighWatermark(long Offset) : RaftAction;

    /// <summary>Leader or epoch changed.</summary>
    /// <param name="Leader">The new ones.</param>
    public sealed record LeaderChanged(LeaderAndEpoch Leader) : RaftAction;
}
