using Barnabas.Protocol;
using Barnabas.Raft.Quorum;

namespace Barnabas.Raft.Tests;

public sealed class RaftNodeTests
{
    [Fact]
    public void The_only_voter_leads_the_next_epoch_at_once()
    {
        var node = new RaftNode(Key(1));
        var actions = node.Initialize(ElectionState.Initial, 0, Voters(1));
        Assert.Collection(
            actions,
            a => Assert.Equal(new RaftAction.Persist(new ElectionState(1, null, Key(1))), a),
            a => Assert.Equal(new RaftAction.Persist(new ElectionState(1, 1, null)), a),
            a => Assert.Equal(1, Assert.IsType<RaftAction.StartEpoch>(a).Epoch),
            a => Assert.Equal(new RaftAction.LeaderChanged(new LeaderAndEpoch(1, 1)), a));
    }

    [Fact]
    public void A_restarted_leader_never_leads_on_in_its_old_epoch()
    {
        var node = new RaftNode(Key(1));
        node.Initialize(new ElectionState(7, 1, null), 7, Voters(1));
        Assert.Equal(new LeaderAndEpoch(1, 8), node.LeaderAndEpoch);
    }

    [Fact]
    public void An_epoch_of_the_log_is_not_used_again_when_the_quorum_state_was_lost()
    {
        var node = new RaftNode(Key(1));
        node.Initialize(ElectionState.Initial, 12, Voters(1));
        Assert.Equal(13, node.Epoch);
    }

    [Fact]
    public void Nothing_is_committed_before_the_epochs_own_first_record_is_flushed()
    {
        var node = new RaftNode(Key(1));
        node.Initialize(ElectionState.Initial, 0, Voters(1));
        node.EpochStarted(40);
        Assert.Empty(node.Flushed(Key(1), 40));
        Assert.Null(node.HighWatermark);
        Assert.Equal([new RaftAction.AdvanceHighWatermark(41)], node.Flushed(Key(1), 41));
    }

    [Fact]
    public void Of_three_voters_one_alone_does_not_lead_and_two_votes_win()
    {
        var node = new RaftNode(Key(1));
        Assert.Empty(node.Initialize(ElectionState.Initial, 0, Voters(1, 2, 3)));
        var asked = Assert.IsType<RaftAction.RequestVotes>(node.StartElection()[^1]);
        Assert.Equal([2, 3], asked.Voters.Select(v => v.Id));
        Assert.Empty(node.VoteAnswered(Key(3), 1, granted: false));
        Assert.Contains(new RaftAction.LeaderChanged(new LeaderAndEpoch(1, 1)), node.VoteAnswered(Key(2), 1, granted: true));
    }

    [Fact]
    public void A_higher_epoch_ends_leadership()
    {
        var node = new RaftNode(Key(1));
        node.Initialize(ElectionState.Initial, 0, Voters(1, 2, 3));
        node.StartElection();
        node.VoteAnswered(Key(2), 1, granted: true);
        node.ObserveEpoch(5, 3);
        Assert.Equal(RaftRole.Follower, node.Role);
        Assert.Equal(new LeaderAndEpoch(3, 5), node.LeaderAndEpoch);
        Assert.Empty(node.Flushed(Key(1), 100));
    }

    /// <summary>Invariants: the high watermark never goes back, and is never above what a majority has flushed.</summary>
    [Fact]
    public void Whatever_the_order_of_flushes_the_high_watermark_is_what_a_majority_has()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            int[] ids = [.. Enumerable.Range(1, 1 + random.Next(5))];
            var node = new RaftNode(Key(1));
            node.Initialize(ElectionState.Initial, 0, Voters(ids));
            if (ids.Length > 1)
            {
                node.StartElection();
                foreach (var id in ids.Skip(1)) node.VoteAnswered(Key(id), 1, granted: true);
            }
            var start = random.Next(100);
            node.EpochStarted(start);
            var flushed = ids.ToDictionary(id => id, _ => 0L);
            var last = -1L;
            for (var step = 0; step < 60; step++)
            {
                var id = ids[random.Next(ids.Length)];
                flushed[id] += random.Next(20);
                node.Flushed(Key(id), flushed[id]);
                var majority = flushed.Values.OrderDescending().ElementAt(ids.Length / 2);
                var highWatermark = node.HighWatermark ?? -1;
                Assert.True(highWatermark >= last, $"seed {seed}: the high watermark went back from {last} to {highWatermark}");
                Assert.True(highWatermark <= majority, $"seed {seed}: {highWatermark} is committed, but a majority has only {majority}");
                Assert.True(majority <= start || highWatermark == majority, $"seed {seed}: a majority has {majority}, but only {highWatermark} is committed");
                last = highWatermark;
            }
        }
    }

    [Theory]
    [InlineData((short)0, "{\"clusterId\":\"\",\"leaderId\":1,\"leaderEpoch\":1,\"votedId\":-1,\"appliedOffset\":0,\"currentVoters\":[{\"voterId\":1}],\"data_version\":0}")]
    [InlineData((short)1, "{\"leaderId\":1,\"leaderEpoch\":1,\"votedId\":-1,\"votedDirectoryId\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"data_version\":1}")]
    public void The_quorum_state_is_the_file_that_Apache_Kafka_writes(short kraftVersion, string json)
    {
        var state = new ElectionState(1, 1, null);
        var bytes = state.ToJson(kraftVersion, Voters(1));
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(bytes));
        Assert.Equal(state, ElectionState.FromJson(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"leaderId\":1,\"leaderEpoch\":1,\"votedId\":-1,\"data_version\":7}")]
    public void A_damaged_quorum_state_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => ElectionState.FromJson(System.Text.Encoding.UTF8.GetBytes(json)));

    private static ReplicaKey Key(int id) => new(id, new Uuid(1, id));

    private static VoterSet Voters(params int[] ids) => VoterSet.Of(ids.Select(id => new Voter(Key(id), [], 0, 1)));
}
