using Barnabas.Protocol;
using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Tests;

/// <summary>What a replica answers to others, as Apache Kafka does.</summary>
public sealed class VoteTests
{
    private static readonly OffsetAndEpoch OwnLog = new(10, 3);

    [Fact]
    public void A_leader_gives_its_vote_to_nobody_in_its_epoch()
    {
        var node = Leader();
        Assert.Equal((ErrorCode.None, false), Ask(node, 2, 4, new(99, 3)));
        Assert.Equal(RaftRole.Leader, node.Role);
    }

    [Fact]
    public void A_higher_epoch_ends_leadership_and_a_log_that_is_behind_gets_no_vote()
    {
        var node = Leader();
        Assert.Equal((ErrorCode.None, false), Ask(node, 2, 7, new(9, 3)));
        Assert.Equal((RaftRole.Unattached, 7), (node.Role, node.Epoch));
        Assert.Equal((ErrorCode.None, true), Ask(node, 3, 7, new(10, 3)));
        Assert.Equal((ErrorCode.None, false), Ask(node, 2, 7, new(99, 6)));
        Assert.Equal((ErrorCode.None, true), Ask(node, 3, 7, new(10, 3)));
    }

    [Fact]
    public void A_vote_is_durable_before_it_is_told()
    {
        var node = Leader();
        var reply = node.VoteRequested(new Candidacy(Key(2), 7, OwnLog, null, false), OwnLog);
        Assert.True(reply.VoteGranted);
        Assert.Contains(new RaftAction.Persist(new ElectionState(7, null, Key(2))), reply.Actions);
        Assert.Contains(reply.Actions, a => a is RaftAction.AwaitElection);
    }

    [Fact]
    public void A_pre_vote_binds_nobody()
    {
        var node = Leader();
        Ask(node, 2, 7, new(9, 3));
        Assert.Equal((ErrorCode.None, true), Ask(node, 2, 7, OwnLog, preVote: true));
        Assert.Equal((ErrorCode.None, true), Ask(node, 3, 7, OwnLog, preVote: true));
        Assert.Null(node.VotedFor);
    }

    [Theory]
    [InlineData(3, 2, 3, 10, ErrorCode.InvalidRequest)]
    [InlineData(9, 2, 9, 10, ErrorCode.InvalidRequest)]
    [InlineData(9, 2, 3, -1, ErrorCode.InvalidRequest)]
    [InlineData(9, -1, 3, 10, ErrorCode.InvalidRequest)]
    [InlineData(int.MaxValue, 2, 3, 10, ErrorCode.InvalidRequest)]
    [InlineData(2, 2, 1, 10, ErrorCode.FencedLeaderEpoch)]
    public void Impossible_and_old_candidates_are_refused(int epoch, int id, int lastEpoch, long offset, ErrorCode error)
    {
        var node = Leader();
        Assert.Equal((error, false), Ask(node, id, epoch, new(offset, lastEpoch)));
        Assert.Equal((RaftRole.Leader, 4), (node.Role, node.Epoch));
    }

    [Fact]
    public void A_vote_that_another_replica_was_asked_for_is_refused()
    {
        var reply = Leader().VoteRequested(new Candidacy(Key(2), 7, OwnLog, new ReplicaKey(1, new Uuid(9, 9)), false), OwnLog);
        Assert.Equal((ErrorCode.InvalidVoterKey, false), (reply.Error, reply.VoteGranted));
    }

    [Fact]
    public void A_leader_of_a_higher_epoch_is_followed_until_it_is_silent()
    {
        var node = Leader();
        Assert.Equal(ErrorCode.FencedLeaderEpoch, node.EpochBegun(2, 3, null).Error);
        Assert.Equal(ErrorCode.UnknownServerError, node.EpochBegun(2, 4, null).Error);
        var reply = node.EpochBegun(2, 6, Key(1));
        Assert.Equal((ErrorCode.None, RaftRole.Follower), (reply.Error, node.Role));
        Assert.Contains(new RaftAction.AwaitElection(RaftRole.Follower), reply.Actions);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, node.CheckLeads(6));
        Assert.Empty(node.ElectionTimedOut(5));
        Assert.Contains(new RaftAction.LeaderChanged(new LeaderAndEpoch(1, 7)), node.ElectionTimedOut(6));
    }

    [Fact]
    public void A_leader_that_gives_up_is_not_waited_for()
    {
        var node = Leader();
        node.EpochBegun(2, 6, null);
        Assert.Contains(new RaftAction.AwaitElection(RaftRole.Unattached), node.EpochEnded(2, 6).Actions);
    }

    /// <summary>Invariants: epochs never go back, a vote of an epoch never changes, and nobody leads an epoch it voted for another in.</summary>
    [Fact]
    public void Whatever_others_ask_an_epoch_has_one_vote()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var node = Leader();
            var votes = new Dictionary<int, ReplicaKey>();
            for (var step = 0; step < 60; step++)
            {
                var before = node.Epoch;
                var (id, epoch) = (1 + random.Next(4), Math.Max(0, node.Epoch + random.Next(-1, 3)));
                switch (random.Next(4))
                {
                    case 0:
                        var asked = new Candidacy(Key(id), epoch, new(random.Next(20), random.Next(5)), null, random.Next(3) == 0);
                        if (node.VoteRequested(asked, OwnLog) is { VoteGranted: true } && !asked.IsPreVote)
                        {
                            Assert.True(votes.TryAdd(epoch, Key(id)) || votes[epoch] == Key(id), $"seed {seed}: two votes in epoch {epoch}");
                        }
                        break;
                    case 1:
                        node.EpochBegun(id, epoch, null);
                        break;
                    case 2:
                        node.EpochEnded(id, epoch);
                        break;
                    case 3:
                        node.ElectionTimedOut(epoch);
                        break;
                }
                Assert.True(node.Epoch >= before, $"seed {seed}: the epoch went back from {before} to {node.Epoch}");
                Assert.True(node.Role != RaftRole.Leader || !votes.ContainsKey(node.Epoch), $"seed {seed}: leads epoch {node.Epoch} and voted for another in it");
            }
        }
    }

    private static (ErrorCode Error, bool Granted) Ask(RaftNode node, int id, int epoch, OffsetAndEpoch log, bool preVote = false)
    {
        var reply = node.VoteRequested(new Candidacy(Key(id), epoch, log, null, preVote), OwnLog);
        return (reply.Error, reply.VoteGranted);
    }

    /// <summary>The only voter, leading epoch 4.</summary>
    private static RaftNode Leader()
    {
        var node = new RaftNode(Key(1));
        node.Initialize(ElectionState.Initial, 3, VoterSet.Of(new Voter(Key(1), [], 0, 1)));
        node.EpochStarted(9);
        node.Flushed(Key(1), 10);
        return node;
    }

    private static ReplicaKey Key(int id) => new(id, new Uuid(1, id));
}
