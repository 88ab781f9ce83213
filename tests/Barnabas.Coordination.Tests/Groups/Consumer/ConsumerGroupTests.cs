using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Groups.Consumer;

public sealed class ConsumerGroupTests
{
    private readonly ShardHarness _harness = new();
    private readonly Uuid _topic;

    public ConsumerGroupTests() => _topic = _harness.Topics.Create("t", 6);

    [Fact]
    public void The_first_member_gets_every_partition_with_its_first_heartbeat()
    {
        var member = new SimulatedConsumer("m", "t");
        var response = member.Beat(_harness);
        Assert.Equal(2, response.MemberEpoch);
        Assert.Equal(6, member.Owned.Count);
        Assert.Equal("Stable", Group().StateName);
    }

    [Fact]
    public void A_partition_goes_to_another_member_only_after_its_owner_gave_it_up()
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        first.Beat(_harness);
        second.Beat(_harness);
        Assert.Empty(second.Owned);
        Assert.Equal("Reconciling", Group().StateName);

        first.Beat(_harness);
        Assert.Equal(3, first.Owned.Count);
        second.Beat(_harness);
        Assert.Empty(second.Owned);

        first.Beat(_harness);
        second.Beat(_harness);
        Assert.Equal(3, second.Owned.Count);
        Assert.Empty(first.Owned.Intersect(second.Owned));
        Assert.Equal("Stable", Group().StateName);
    }

    [Fact]
    public void Between_two_assignments_some_time_passes()
    {
        var harness = new ShardHarness(ShardHarness.DefaultConfig with { Consumer = new() { AssignmentIntervalMs = 1_000 } });
        harness.Topics.Create("t", 2);
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        first.Beat(harness);
        harness.Advance(999);
        Assert.Equal(2, second.Beat(harness).MemberEpoch);
        Assert.Equal("Assigning", harness.Shard.Groups.Get("g").StateName);

        harness.Advance(1);

        Assert.Equal(1, first.Beat(harness).Assignment?.TopicPartitions.Single().Partitions.Count);
    }

    [Fact]
    public void A_pattern_that_matches_nothing_yet_raises_no_epoch()
    {
        var member = new SimulatedConsumer("m") { Pattern = "later.*" };
        Assert.Equal(1, member.Beat(_harness).MemberEpoch);

        _harness.Topics.Create("later-1", 2);

        Assert.Equal(2, member.Beat(_harness).MemberEpoch);
        Assert.Equal(2, member.Owned.Count);
    }

    [Fact]
    public void A_heartbeat_without_news_writes_nothing_and_tells_no_assignment()
    {
        var member = new SimulatedConsumer("m", "t");
        member.Beat(_harness);
        var written = _harness.Log.Count;
        Assert.Null(member.Beat(_harness).Assignment);
        Assert.Equal(written, _harness.Log.Count);
    }

    [Fact]
    public void A_topic_that_grows_raises_the_epoch_and_is_assigned()
    {
        var member = new SimulatedConsumer("m", "t");
        member.Beat(_harness);
        _harness.Topics.Create("t", 8);
        member.Beat(_harness);
        Assert.Equal(3, member.Epoch);
        Assert.Equal(8, member.Owned.Count);
    }

    [Fact]
    public void A_pattern_follows_the_topics_that_come_and_go()
    {
        var member = new SimulatedConsumer("m") { Pattern = "log-.*" };
        member.Beat(_harness);
        Assert.Empty(member.Owned);
        var created = _harness.Topics.Create("log-1", 2);
        _harness.Topics.Create("blog-1", 2);
        member.Beat(_harness);
        Assert.Equal([(created, 0), (created, 1)], member.Owned.Order());
        _harness.Topics.Delete("log-1");
        member.Beat(_harness);
        member.Beat(_harness);
        Assert.Empty(member.Owned);
    }

    [Fact]
    public void A_member_that_sends_no_heartbeat_loses_its_place_to_the_others()
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        Settle(first, second);
        for (var beat = 0; beat < 10; beat++)
        {
            _harness.Advance(5_000);
            second.Beat(_harness);
        }

        Assert.Equal(6, second.Owned.Count);
        Assert.Equal(ErrorCode.UnknownMemberId, Assert.Throws<KafkaException>(() => first.Beat(_harness)).ErrorCode);
    }

    [Fact]
    public void A_member_that_keeps_what_it_should_give_up_is_fenced_after_its_rebalance_time_out()
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        first.Beat(_harness);
        second.Beat(_harness);
        var everything = first.Owned.ToList();
        for (var beat = 0; beat < 12; beat++)
        {
            first.Beat(_harness);
            first.Owned.UnionWith(everything);
            second.Beat(_harness);
            _harness.Advance(5_000);
        }

        Assert.Equal(ErrorCode.UnknownMemberId, Assert.Throws<KafkaException>(() => first.Beat(_harness)).ErrorCode);
        second.Beat(_harness);
        Assert.Equal(6, second.Owned.Count);
    }

    [Fact]
    public void A_static_member_that_is_back_in_time_has_its_partitions_again_and_moves_none()
    {
        SimulatedConsumer first = new("a", "t") { InstanceId = "one" }, second = new("b", "t") { InstanceId = "two" };
        Settle(first, second);
        var owned = first.Owned.ToHashSet();
        var epoch = Group().GroupEpoch;
        first.Leave(_harness);
        var back = new SimulatedConsumer("c", "t") { InstanceId = "one" };
        back.Beat(_harness);
        Assert.Equal(owned, back.Owned);
        Assert.Equal(epoch, Group().GroupEpoch);
        Assert.Equal(ErrorCode.UnreleasedInstanceId, Assert.Throws<KafkaException>(() => new SimulatedConsumer("d", "t") { InstanceId = "one" }.Beat(_harness)).ErrorCode);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(2)]
    public void A_member_with_an_epoch_it_cannot_have_is_fenced(int epoch)
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t"), third = new("c", "t");
        Settle(first, second, third);
        first.Leave(_harness);
        second.Leave(_harness);
        third.Beat(_harness);
        Assert.Equal(6, third.Epoch);
        third.Epoch = epoch;
        Assert.Equal(ErrorCode.FencedMemberEpoch, Assert.Throws<KafkaException>(() => third.Beat(_harness)).ErrorCode);
    }

    [Theory]
    [InlineData("", "m", 0, "GroupId can't be empty.")]
    [InlineData("g", "", 0, "MemberId can't be empty.")]
    [InlineData("g", "m", -3, "MemberEpoch is invalid.")]
    [InlineData("g", "m", -2, "InstanceId can't be null.")]
    [InlineData("g", "m", 0, "RebalanceTimeoutMs must be provided in first request.")]
    public void Nonsense_is_refused_in_the_words_of_Kafka(string groupId, string memberId, int epoch, string message)
    {
        var refused = Assert.Throws<KafkaException>(() => _harness.Shard.ConsumerGroupHeartbeat(
            new GroupRequestContext(1, "c", "/h"), new ConsumerGroupHeartbeatRequest { GroupId = groupId, MemberId = memberId, MemberEpoch = epoch }));
        Assert.Equal(ErrorCode.InvalidRequest, refused.ErrorCode);
        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public void An_unknown_assignor_and_a_broken_pattern_have_errors_of_their_own()
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "m", RebalanceTimeoutMs = 1000, TopicPartitions = [], SubscribedTopicNames = ["t"], ServerAssignor = "magic" };
        Assert.Equal(ErrorCode.UnsupportedAssignor, Fails(request));
        request.ServerAssignor = null;
        request.SubscribedTopicRegex = "[";
        Assert.Equal(ErrorCode.InvalidRegularExpression, Fails(request));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_member_may_commit_in_an_earlier_epoch_what_was_its_own_by_then(bool isReloaded)
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        first.Beat(_harness);
        second.Beat(_harness);
        first.Beat(_harness);
        var group = Group;
        // It was told to give up three and has not heard that it moved on since.
        Assert.Equal((2, "Reconciling"), (group().Members["a"].MemberEpoch, group().StateName));
        first.Beat(_harness);
        second.Beat(_harness);
        Assert.Equal((3, 3, "Stable"), (group().Members["a"].MemberEpoch, group().Members["b"].MemberEpoch, group().StateName));
        if (isReloaded)
        {
            var reloaded = _harness.Reload();
            group = () => (ConsumerGroup)reloaded.Shard.Groups.Get("g");
        }

        var earlier = group().ValidateOffsetCommit("a", null, 2, false, 9)!;
        foreach (var (topic, partition) in first.Owned)
            earlier("t", topic, partition);
        var given = second.Owned.First().Partition;
        Assert.Equal(
            (ErrorCode.StaleMemberEpoch, $"Partition t-{given} is not assigned or pending revocation for member."), Refused(() => earlier("t", _topic, given)));
        Assert.Equal(
            (ErrorCode.StaleMemberEpoch, $"Received member epoch 2 is older than assignment epoch 3 for partition t-{given}."),
            Refused(() => group().ValidateOffsetCommit("b", null, 2, false, 9)!("t", _topic, given)));
        Assert.Equal((ErrorCode.StaleMemberEpoch, "Received member epoch 4 is newer than current member epoch 3."), Refused(() => group().ValidateOffsetCommit("a", null, 4, false, 9)));
    }

    [Fact]
    public void A_commit_in_an_earlier_epoch_of_a_partition_that_was_not_its_own_fails_as_a_whole()
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        Settle(first, second);
        var (own, others) = (first.Owned.First().Partition, second.Owned.First().Partition);
        Assert.Equal(ErrorCode.None, Commit(own));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Assert.Throws<KafkaException>(() => Commit(own, others)).ErrorCode);
        Assert.Equal(ErrorCode.IllegalGeneration, Assert.Throws<KafkaException>(() => _harness.Run(shard => shard.CommitTransactionalOffsets(
            new GroupRequestContext(5, "c", "/h"),
            new TxnOffsetCommitRequest
            {
                GroupId = "g",
                MemberId = "a",
                GenerationId = 2,
                Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = others, CommittedOffset = 1 }] }],
            }))).ErrorCode);

        ErrorCode Commit(params int[] partitions) => _harness.Run(shard => shard.CommitOffsets(
            new GroupRequestContext(9, "c", "/h"),
            new OffsetCommitRequest
            {
                GroupId = "g",
                MemberId = "a",
                GenerationIdOrMemberEpoch = 2,
                Topics = [new() { Name = "t", TopicId = _topic, Partitions = [.. partitions.Select(partition => new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = partition, CommittedOffset = 1 })] }],
            })).Topics[0].Partitions[0].ErrorCode;
    }

    [Fact]
    public void Offsets_are_committed_in_the_members_own_epoch_only()
    {
        var member = new SimulatedConsumer("m", "t");
        member.Beat(_harness);
        Group().ValidateOffsetCommit("m", null, 2, false, 9);
        Assert.Equal(ErrorCode.StaleMemberEpoch, Assert.Throws<KafkaException>(() => Group().ValidateOffsetCommit("m", null, 3, false, 9)).ErrorCode);
        Assert.Equal(ErrorCode.UnsupportedVersion, Assert.Throws<KafkaException>(() => Group().ValidateOffsetCommit("m", null, 2, false, 8)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, Assert.Throws<KafkaException>(() => Group().ValidateOffsetCommit("x", null, 2, false, 8)).ErrorCode);
    }

    [Fact]
    public void LeaveGroup_removes_members_by_id_or_by_instance_id_and_tells_of_each()
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t") { InstanceId = "i" }, third = new("c", "t");
        Settle(first, second, third);
        var request = new LeaveGroupRequest { GroupId = "g" };
        request.Members.Add(new() { MemberId = "a" });
        request.Members.Add(new() { MemberId = "x", GroupInstanceId = "i" });
        request.Members.Add(new() { MemberId = "", GroupInstanceId = "i" });
        request.Members.Add(new() { MemberId = "nobody" });
        var response = _harness.Run(shard => shard.Leave(request));
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal([ErrorCode.None, ErrorCode.FencedInstanceId, ErrorCode.None, ErrorCode.UnknownMemberId], response.Members.Select(member => member.ErrorCode));
        Assert.Equal("c", Assert.Single(Group().Members).Key);
        Settle(third);
        Assert.Equal(6, third.Owned.Count);
    }

    [Fact]
    public void A_described_group_shows_what_its_members_have_and_should_have()
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        Settle(first, second);
        var described = Assert.Single(_harness.Shard.DescribeConsumerGroups(["g"]));
        Assert.Equal(("Stable", 3, 3, "uniform"), (described.GroupState, described.GroupEpoch, described.AssignmentEpoch, described.AssignorName));
        Assert.All(described.Members, member => Assert.Equal(3, Assert.Single(member.Assignment.TopicPartitions).Partitions.Count));
        Assert.All(described.Members, member => Assert.Equal("", member.SubscribedTopicRegex));
        Assert.All(described.Members, member => Assert.Equal("t", Assert.Single(member.TargetAssignment.TopicPartitions).TopicName));
        Assert.Equal(ErrorCode.GroupIdNotFound, Assert.Single(_harness.Shard.DescribeConsumerGroups(["none"])).ErrorCode);
    }

    [Fact]
    public void A_described_member_has_what_it_is_to_give_up_until_it_does()
    {
        SimulatedConsumer first = new("a", "t"), second = new("b", "t");
        first.Beat(_harness);
        second.Beat(_harness);
        first.Beat(_harness);
        var member = Assert.Single(_harness.Shard.DescribeConsumerGroups(["g"])).Members.Single(described => described.MemberId == "a");
        Assert.Equal(6, Assert.Single(member.Assignment.TopicPartitions).Partitions.Count);
        Assert.Equal(3, Assert.Single(member.TargetAssignment.TopicPartitions).Partitions.Count);
    }

    [Fact]
    public void Whatever_members_do_a_partition_has_one_owner_and_the_group_settles_and_survives_a_reload()
    {
        for (var seed = 0; seed < 150; seed++)
            Simulate(seed);
    }

    private static void Simulate(int seed)
    {
        var random = new Random(seed);
        var harness = new ShardHarness(seed: seed);
        harness.Topics.Create("t0", random.Next(1, 7));
        harness.Topics.Create("t1", random.Next(1, 7));
        var members = new List<SimulatedConsumer>();
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(8))
            {
                case 0 when members.Count < 5:
                    members.Add(new SimulatedConsumer($"m{step}", random.Next(2) == 0 ? ["t0"] : ["t0", "t1"]));
                    break;
                case 1 when members.Count > 1:
                    var leaver = members[random.Next(members.Count)];
                    if (leaver.Epoch > 0)
                        leaver.Leave(harness);
                    members.Remove(leaver);
                    break;
                case 2 when random.Next(4) == 0:
                    var topic = $"t{random.Next(2)}";
                    harness.Topics.TryGet(topic, out var known);
                    harness.Topics.Create(topic, known.PartitionCount + 1);
                    break;
                default:
                    if (members.Count > 0)
                        members[random.Next(members.Count)].Beat(harness);
                    break;
            }

            var owned = members.SelectMany(member => member.Owned).ToList();
            Assert.True(owned.Count == owned.Distinct().Count(), $"seed {seed}, step {step}: a partition has two owners");
        }

        if (members.Count == 0)
            members.Add(new SimulatedConsumer("last", "t0", "t1"));
        Settle(harness, [.. members]);
        var group = (ConsumerGroup)harness.Shard.Groups.Get("g");
        Assert.True(group.State == ConsumerGroupState.Stable, $"seed {seed}: the group is {group.State}");
        Assert.True(members.TrueForAll(member => member.Owned.Count == group.Members[member.MemberId].AssignedPartitions.Partitions.Sum(one => one.Value.Count)), $"seed {seed}: a member owns other than what it is assigned");

        var topics = harness.Topics;
        var reloaded = harness.Reload();
        reloaded.Topics = topics;
        var again = (ConsumerGroup)reloaded.Shard.Groups.Get("g");
        Assert.True(again.GroupEpoch == group.GroupEpoch && again.TargetEpoch == group.TargetEpoch && again.Members.Count == group.Members.Count, $"seed {seed}: the reloaded group differs");
        foreach (var member in members)
            Assert.True(member.Beat(reloaded).Assignment is null, $"seed {seed}: {member.MemberId} has another assignment after a reload");
    }

    private void Settle(params SimulatedConsumer[] members) => Settle(_harness, members);

    private static void Settle(ShardHarness harness, SimulatedConsumer[] members)
    {
        for (var round = 0; round < 6; round++)
            foreach (var member in members)
                member.Beat(harness);
    }

    private ErrorCode Fails(ConsumerGroupHeartbeatRequest request) =>
        Assert.Throws<KafkaException>(() => _harness.Shard.ConsumerGroupHeartbeat(new GroupRequestContext(1, "c", "/h"), request)).ErrorCode;

    private ConsumerGroup Group() => (ConsumerGroup)_harness.Shard.Groups.Get("g");

    private static (ErrorCode Error, string Message) Refused(Action action)
    {
        var error = Assert.Throws<KafkaException>(action);
        return (error.ErrorCode, error.Message);
    }
}
