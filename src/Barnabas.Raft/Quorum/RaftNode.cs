namespace Barnabas.Raft.Quorum;

/// <summary>The role of a replica in the current epoch.</summary>
public enum RaftRole
{
    /// <summary>Knows no leader.</summary>
    Unattached,

    /// <summary>Asks for votes.</summary>
    Candidate,

    /// <summary>Leads.</summary>
    Leader,

    /// <summary>Follows a leader.</summary>
    Follower,

    /// <summary>Led, and gave up.</summary>
    Resigned,
}

/// <summary>
/// One replica of the quorum as a pure state machine: every event returns the actions that the driver carries out in
/// order. No I/O, no clock, no locks. An epoch rises by one at each election this node starts; a leader's high
/// watermark is the offset that a majority of the voters has flushed, and is known only once it has passed the start
/// of the leader's own epoch (Raft, section 5.4.2).
/// </summary>
public sealed partial class RaftNode(ReplicaKey self)
{
    private readonly Dictionary<int, long> _flushed = [];
    private readonly HashSet<int> _granting = [];
    private VoterSet _voters = VoterSet.Empty;
    private long _epochStartOffset = -1;

    /// <summary>This replica.</summary>
    public ReplicaKey Self { get; } = self;

    /// <summary>The role in the current epoch.</summary>
    public RaftRole Role { get; private set; } = RaftRole.Unattached;

    /// <summary>The current epoch.</summary>
    public int Epoch { get; private set; }

    /// <summary>The leader of the current epoch, or null.</summary>
    public int? LeaderId { get; private set; }

    /// <summary>Whom this node voted for in the current epoch.</summary>
    public ReplicaKey? VotedFor { get; private set; }

    /// <summary>The first offset that is not committed, or null while not known.</summary>
    public long? HighWatermark { get; private set; }

    /// <summary>The voters now.</summary>
    public VoterSet Voters => _voters;

    /// <summary>Leader and epoch.</summary>
    public LeaderAndEpoch LeaderAndEpoch => new(LeaderId, Epoch);

    /// <summary>Takes up the state of before the restart.</summary>
    /// <param name="persisted">The content of quorum-state, or the initial state.</param>
    /// <param name="lastEpochInLog">The epoch of the last record in log or snapshot: the current epoch is no lower.</param>
    /// <param name="voters">The voters.</param>
    public IReadOnlyList<RaftAction> Initialize(ElectionState persisted, int lastEpochInLog, VoterSet voters)
    {
        _voters = voters;
        if (persisted.Epoch < lastEpochInLog)
        {
            // The log is ahead of a quorum-state file that was lost: its epochs must not be used again.
            Epoch = lastEpochInLog;
        }
        else
        {
            Epoch = persisted.Epoch;
            VotedFor = persisted.VotedFor;
            LeaderId = persisted.LeaderId;
        }
        if (LeaderId == Self.Id)
        {
            // A leader that restarts may have lost what it did not flush: it never leads on in its old epoch.
            Role = RaftRole.Resigned;
            LeaderId = null;
        }
        else
        {
            Role = LeaderId is null ? RaftRole.Unattached : RaftRole.Follower;
        }
        return _voters.IsOnlyVoter(Self) ? StartElection() : [];
    }

    /// <summary>Starts an election in the next epoch; wins at once when this node is the only voter.</summary>
    /// <exception cref="InvalidOperationException">This node is no voter, or leads already.</exception>
    public IReadOnlyList<RaftAction> StartElection()
    {
        if (!_voters.IsVoter(Self)) throw new InvalidOperationException($"Node {Self.Id} is no voter and cannot start an election.");
        if (Role == RaftRole.Leader) throw new InvalidOperationException($"Node {Self.Id} leads epoch {Epoch} already.");
        Epoch = checked(Epoch + 1);
        Role = RaftRole.Candidate;
        LeaderId = null;
        VotedFor = Self;
        _granting.Clear();
        _granting.Add(Self.Id);
        List<RaftAction> actions = [new RaftAction.Persist(new ElectionState(Epoch, null, Self))];
        if (!HasMajority(_granting.Count))
        {
            actions.Add(new RaftAction.RequestVotes(
                Epoch, [.. _voters.Voters.Values.Select(v => v.Key).Where(k => k.Id != Self.Id)]));
            return actions;
        }
        BecomeLeader(actions);
        return actions;
    }

    /// <summary>Counts the answer of a voter to this node's candidacy.</summary>
    public IReadOnlyList<RaftAction> VoteAnswered(ReplicaKey voter, int epoch, bool granted)
    {
        if (epoch > Epoch) return ObserveEpoch(epoch, null);
        if (Role != RaftRole.Candidate || epoch != Epoch || !granted || !_voters.IsVoter(voter)) return [];
        _granting.Add(voter.Id);
        if (!HasMajority(_granting.Count)) return [];
        List<RaftAction> actions = [];
        BecomeLeader(actions);
        return actions;
    }

    /// <summary>Learns of an epoch, and perhaps its leader, from another replica.</summary>
    public IReadOnlyList<RaftAction> ObserveEpoch(int epoch, int? leaderId)
    {
        if (epoch < Epoch || (epoch == Epoch && (leaderId is null || LeaderId is not null))) return [];
        if (epoch == Epoch && Role == RaftRole.Leader) return [];
        if (epoch > Epoch) VotedFor = null;
        Epoch = epoch;
        LeaderId = leaderId;
        Role = leaderId is null ? RaftRole.Unattached : RaftRole.Follower;
        _epochStartOffset = -1;
        List<RaftAction> actions =
        [
            new RaftAction.Persist(new ElectionState(Epoch, LeaderId, VotedFor)),
            new RaftAction.LeaderChanged(LeaderAndEpoch),
        ];
        if (_voters.IsVoter(Self)) actions.Add(new RaftAction.AwaitElection(Role));
        return actions;
    }

    /// <summary>Tells where the control batch of the epoch begins that this node leads.</summary>
    public void EpochStarted(long baseOffset)
    {
        if (Role != RaftRole.Leader) throw new InvalidOperationException($"Node {Self.Id} does not lead epoch {Epoch}.");
        _epochStartOffset = baseOffset;
        _flushed.Clear();
    }

    /// <summary>Replaces the voters, as a control record said.</summary>
    public void ChangeVoters(VoterSet voters) => _voters = voters;

    /// <summary>Tells that a replica has flushed its log up to an offset (exclusive).</summary>
    public IReadOnlyList<RaftAction> Flushed(ReplicaKey replica, long endOffset)
    {
        if (Role != RaftRole.Leader || !_voters.IsVoter(replica)) return [];
        if (_flushed.TryGetValue(replica.Id, out var known) && known >= endOffset) return [];
        _flushed[replica.Id] = endOffset;

        var offsets = new List<long>(_voters.Voters.Count);
        foreach (var id in _voters.Voters.Keys) offsets.Add(_flushed.GetValueOrDefault(id, -1));
        offsets.Sort();
        // The offset that a majority has reached: with n voters all but the lowest (n - 1) / 2.
        var majority = offsets[(offsets.Count - 1) / 2];
        if (_epochStartOffset < 0 || majority <= _epochStartOffset || majority <= (HighWatermark ?? -1)) return [];
        HighWatermark = majority;
        return [new RaftAction.AdvanceHighWatermark(majority)];
    }

    /// <summary>Gives up leadership of the epoch.</summary>
    public IReadOnlyList<RaftAction> Resign()
    {
        if (Role != RaftRole.Leader) return [];
        Role = RaftRole.Resigned;
        LeaderId = null;
        return [new RaftAction.LeaderChanged(LeaderAndEpoch)];
    }

    private bool HasMajority(int count) => count > _voters.Voters.Count / 2;

    private void BecomeLeader(List<RaftAction> actions)
    {
        Role = RaftRole.Leader;
        LeaderId = Self.Id;
        // Kafka's file names the leader and drops the vote once there is one.
        VotedFor = null;
        actions.Add(new RaftAction.Persist(new ElectionState(Epoch, LeaderId, null)));
        actions.Add(new RaftAction.StartEpoch(
            Epoch, [.. _voters.Voters.Values.Select(v => v.Key).Where(k => _granting.Contains(k.Id))]));
        actions.Add(new RaftAction.LeaderChanged(LeaderAndEpoch));
    }
}
