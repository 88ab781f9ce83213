using Barnabas.Protocol;

namespace Barnabas.Raft.Quorum;

/// <summary>What a replica asks another's vote with.</summary>
/// <param name="Candidate">Who asks.</param>
/// <param name="Epoch">The epoch it wants to lead; with a pre-vote the one it is in.</param>
/// <param name="Log">The epoch of its last record, and its log end offset.</param>
/// <param name="Addressee">Whom it believes it asks; null when the request does not say.</param>
/// <param name="IsPreVote">True when it only asks whether an election would be worth it (KIP-996).</param>
public sealed record Candidacy(ReplicaKey Candidate, int Epoch, OffsetAndEpoch Log, ReplicaKey? Addressee, bool IsPreVote);

/// <summary>The answer to another replica's request, and what comes before it.</summary>
/// <param name="Error">The answer's error code.</param>
/// <param name="Actions">What the driver carries out before it answers.</param>
/// <param name="VoteGranted">The answer to a <see cref="Candidacy"/>.</param>
public sealed record RaftReply(ErrorCode Error, IReadOnlyList<RaftAction> Actions, bool VoteGranted = false);

/// <content>What other replicas ask (KIP-595, KIP-853, KIP-996), answered as Apache Kafka does.</content>
public sealed partial class RaftNode
{
    /// <summary>A replica wants this one's vote.</summary>
    /// <param name="asked">What it asks with.</param>
    /// <param name="ownLog">The epoch of this node's last record, and its log end offset.</param>
    public RaftReply VoteRequested(Candidacy asked, OffsetAndEpoch ownLog)
    {
        var isImpossible = asked.IsPreVote ? asked.Log.Epoch > asked.Epoch : asked.Log.Epoch >= asked.Epoch;
        if (isImpossible || asked.Log.Offset < 0 || asked.Log.Epoch < 0) return new RaftReply(ErrorCode.InvalidRequest, []);
        if (Check(asked.Candidate.Id, asked.Epoch) is { } error) return new RaftReply(error, []);
        List<RaftAction> actions = [.. asked.Epoch > Epoch ? ObserveEpoch(asked.Epoch, null) : []];
        if (!IsMeant(asked.Addressee)) return new RaftReply(ErrorCode.InvalidVoterKey, actions);
        var granted = Grants(asked, asked.Log >= ownLog);
        if (granted && !asked.IsPreVote && VotedFor is null)
        {
            VotedFor = asked.Candidate;
            // Durable before the answer leaves: nobody else may get this epoch's vote after a restart.
            actions.Add(new RaftAction.Persist(new ElectionState(Epoch, null, VotedFor)));
            if (_voters.IsVoter(Self)) actions.Add(new RaftAction.AwaitElection(Role));
        }
        return new RaftReply(ErrorCode.None, actions, granted);
    }

    /// <summary>A replica says that it leads an epoch.</summary>
    public RaftReply EpochBegun(int leaderId, int epoch, ReplicaKey? addressee)
    {
        if (Check(leaderId, epoch) is { } error) return new RaftReply(error, []);
        if (!IsConsistent(leaderId, epoch)) return new RaftReply(ErrorCode.UnknownServerError, []);
        var actions = ObserveEpoch(epoch, leaderId);
        return new RaftReply(IsMeant(addressee) ? ErrorCode.None : ErrorCode.InvalidVoterKey, actions);
    }

    /// <summary>A leader says that it gives up its epoch: the next election need not wait for its silence.</summary>
    /// <param name="leaderId">The leader.</param>
    /// <param name="epoch">Its epoch.</param>
    public RaftReply EpochEnded(int leaderId, int epoch)
    {
        if (Check(leaderId, epoch) is { } error) return new RaftReply(error, []);
        if (!IsConsistent(leaderId, epoch)) return new RaftReply(ErrorCode.UnknownServerError, []);
        List<RaftAction> actions = [.. ObserveEpoch(epoch, leaderId)];
        if (Role == RaftRole.Follower && LeaderId == leaderId && _voters.IsVoter(Self)) actions.Add(new RaftAction.AwaitElection(RaftRole.Unattached));
        return new RaftReply(ErrorCode.None, actions);
    }

    /// <summary>The time of <see cref="RaftAction.AwaitElection"/> has passed.</summary>
    /// <param name="epoch">The epoch in which it was asked for.</param>
    public IReadOnlyList<RaftAction> ElectionTimedOut(int epoch) =>
        epoch != Epoch || Role is RaftRole.Leader or RaftRole.Candidate || !_voters.IsVoter(Self) ? [] : StartElection();

    /// <summary>Whether a request that only the leader of that epoch answers may be answered.</summary>
    /// <returns>The error to answer with, or null.</returns>
    public ErrorCode? CheckLeads(int epoch) =>
        epoch < Epoch ? ErrorCode.FencedLeaderEpoch
        : epoch > Epoch ? ErrorCode.UnknownLeaderEpoch
        : Role != RaftRole.Leader ? ErrorCode.NotLeaderOrFollower
        : null;

    private ErrorCode? Check(int remoteId, int epoch) =>
        epoch < Epoch ? ErrorCode.FencedLeaderEpoch
        // After the last epoch there could be no election any more.
        : remoteId < 0 || epoch == int.MaxValue ? ErrorCode.InvalidRequest
        : null;

    /// <summary>An epoch has one leader, and nobody else tells this node that it leads.</summary>
    private bool IsConsistent(int leaderId, int epoch) =>
        leaderId == Self.Id ? epoch == Epoch && Role == RaftRole.Leader
        : epoch > Epoch || LeaderId is null || LeaderId == leaderId;

    private bool IsMeant(ReplicaKey? addressee) =>
        addressee is not { } key || (key.Id == Self.Id && (key.DirectoryId == Uuid.Zero || key.DirectoryId == Self.DirectoryId));

    private bool Grants(Candidacy asked, bool isUpToDate) => Role switch
    {
        RaftRole.Leader => false,
        RaftRole.Unattached when asked.IsPreVote => isUpToDate,
        RaftRole.Unattached when VotedFor is { } voted =>
            voted.Id == asked.Candidate.Id && (voted.DirectoryId == Uuid.Zero || voted.DirectoryId == asked.Candidate.DirectoryId),
        RaftRole.Unattached => isUpToDate,
        _ => asked.IsPreVote && isUpToDate,
    };
}
