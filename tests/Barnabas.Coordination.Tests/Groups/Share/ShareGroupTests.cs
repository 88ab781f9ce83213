using System.Collections.Immutable;
using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Groups.Share;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Groups.Share;

public sealed class ShareGroupTests
{
    private ShardHarness _harness = new();
    private readonly Uuid _topic;

    public ShareGroupTests() => _topic = _harness.Topics.Create("t", 3);

    [Fact]
    public void A_member_is_assigned_partitions_once_their_state_has_begun()
    {
        var joined = Beat("m", 0, "t");
        Assert.Equal(2, joined.Response.MemberEpoch);
        Assert.Empty(joined.Response.Assignment!.TopicPartitions);
        Assert.Equal([0, 1, 2], joined.Initialize!.Topics[0].Partitions.Select(partition => partition.Partition));
        Assert.All(joined.Initialize.Topics[0].Partitions, partition => Assert.Equal((2, -1L), (partition.StateEpoch, partition.StartOffset)));

        // Nobody asks twice while the first request is under way.
        Assert.Null(Beat("m", 2).Initialize);
        _harness.Run(shard => shard.ShareStateBegun("g", joined.Initialize.Topics.ToDictionary(topic => topic.TopicId, _ => (IReadOnlyList<int>)[0, 1, 2])));
        var assigned = Beat("m", 2).Response;
        Assert.Equal(3, assigned.MemberEpoch);
        Assert.Equal([0, 1, 2], Assert.Single(assigned.Assignment!.TopicPartitions).Partitions);
        Assert.Null(Beat("m", 3).Response.Assignment);
    }

    [Fact]
    public void Some_time_passes_between_two_assignments()
    {
        _harness = new(ShardHarness.DefaultConfig with { Share = new() { AssignmentIntervalMs = 1_000 } });
        var topics = _harness.Topics;
        Assert.Equal(2, Beat("m", 0, "later").Response.MemberEpoch);
        var topic = topics.Create("later", 1);
        Assert.Equal([0], Beat("m", 2).Initialize!.Topics[0].Partitions.Select(partition => partition.Partition));
        _harness.Run(shard => shard.ShareStateBegun("g", new Dictionary<Uuid, IReadOnlyList<int>> { [topic] = [0] }));
        // The topic and its state raise the epoch once between them.
        Assert.Equal(2, Beat("m", 2).Response.MemberEpoch);
        _harness.Advance(1_000);
        var assigned = Beat("m", 2).Response;
        Assert.Equal(3, assigned.MemberEpoch);
        Assert.Equal([0], Assert.Single(assigned.Assignment!.TopicPartitions).Partitions);
    }

    [Fact]
    public void State_that_could_not_begin_is_asked_for_again()
    {
        var joined = Beat("m", 0, "t");
        _harness.Run(shard => shard.ShareStateNotBegun("g", joined.Initialize!.Topics.ToDictionary(topic => topic.TopicId, _ => (IReadOnlyList<int>)[0, 1, 2])));
        Assert.NotNull(Beat("m", 2).Initialize);
        // One that nobody answered is asked for again, too, after a while.
        Assert.Null(Beat("m", 2).Initialize);
        _harness.Advance(31_000);
        Assert.NotNull(Beat("m", 2).Initialize);
    }

    [Fact]
    public void Members_share_the_partitions_and_one_that_falls_silent_is_removed()
    {
        Join("a");
        Join("b");
        Beat("a", Epoch("a"));
        Assert.Equal(3, Owned("a").Count + Owned("b").Count);
        _harness.Advance(30_000);
        Beat("b", Epoch("b"));
        _harness.Advance(30_000);
        Assert.Equal(["b"], Group().Members.Keys);
        Beat("b", Epoch("b"));
        Assert.Equal(3, Owned("b").Count);
    }

    [Fact]
    public void A_group_survives_a_restart()
    {
        Join("a");
        var topics = _harness.Topics;
        _harness = _harness.Reload();
        _harness.Topics = topics;
        Assert.Equal("Stable", Group().StateName);
        Assert.Equal(3, Owned("a").Count);
        Assert.Equal(ErrorCode.None, Beat("a", Epoch("a")).Response.ErrorCode);
        Assert.Equal(3, _harness.Shard.InitializedSharePartitions("g")[_topic].Count);
    }

    [Fact]
    public void A_group_with_members_can_neither_be_deleted_nor_altered()
    {
        Join("a");
        Assert.Equal(ErrorCode.NonEmptyGroup, _harness.Run(shard => shard.DeleteGroups(["g"]))[0].ErrorCode);
        var alter = Assert.Throws<KafkaException>(() => _harness.Run(shard => shard.AlterShareGroupOffsets(new() { GroupId = "g" })));
        Assert.Equal(ErrorCode.NonEmptyGroup, alter.ErrorCode);
        Leave("a");
        var (response, initialize) = _harness.Run(shard => shard.AlterShareGroupOffsets(new()
        {
            GroupId = "g",
            Topics = [new() { TopicName = "t", Partitions = [new() { PartitionIndex = 1, StartOffset = 7 }, new() { PartitionIndex = 9, StartOffset = 7 }] }],
        }));
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition], response.Responses[0].Partitions.Select(partition => partition.ErrorCode));
        Assert.Equal(7, initialize!.Topics[0].Partitions.Single().StartOffset);
        Assert.Equal(3, _harness.Run(shard => shard.BeginDeleteShareGroups(["g"]))["g"].Topics[0].Partitions.Count);
        Assert.Equal(ErrorCode.None, _harness.Run(shard => shard.DeleteGroups(["g"]))[0].ErrorCode);
        Assert.False(_harness.HasGroup());
    }

    [Fact]
    public void Offsets_are_deleted_in_two_steps_and_can_be_deleted_again_when_the_second_fails()
    {
        Join("a");
        Leave("a");
        var request = new DeleteShareGroupOffsetsRequest { GroupId = "g", Topics = [new() { TopicName = "t" }, new() { TopicName = "unknown" }] };
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var (delete, errors) = _harness.Run(shard => shard.BeginDeleteShareGroupOffsets(request));
            Assert.Equal(3, delete!.Topics[0].Partitions.Count);
            Assert.Equal(("unknown", ErrorCode.UnknownTopicOrPartition), (errors.Responses.Single().TopicName, errors.Responses[0].ErrorCode));
        }

        _harness.Run(shard => shard.EndDeleteShareGroupOffsets("g", [_topic]));
        var (none, left) = _harness.Run(shard => shard.BeginDeleteShareGroupOffsets(request));
        Assert.Null(none);
        Assert.Equal("There is no offset information to delete.", left.Responses[0].ErrorMessage);
    }

    [Fact]
    public void Requests_that_no_member_sends_are_refused_in_Kafkas_words()
    {
        Assert.Equal("SubscribedTopicNames must be set in first request.", Refused("m", 0).Message);
        Assert.Equal("MemberEpoch is invalid.", Refused("m", -2, "t").Message);
        Assert.Equal((ErrorCode.GroupIdNotFound, "Share group g not found."), (Refused("m", 4).ErrorCode, Refused("m", 4).Message));
        Join("m");
        Assert.Equal(ErrorCode.UnknownMemberId, Refused("other", 4).ErrorCode);
        Assert.Equal(ErrorCode.FencedMemberEpoch, Refused("m", 40).ErrorCode);
    }

    [Fact]
    public void Any_number_of_members_and_partitions_is_shared_out_fairly()
    {
        var topic = Uuid.One;
        for (var members = 1; members <= 12; members++)
        {
            for (var partitions = 1; partitions <= 12; partitions++)
            {
                var subscriptions = Enumerable.Range(0, members).ToDictionary(i => $"m{i:00}", _ => (IReadOnlySet<Uuid>)new HashSet<Uuid> { topic });
                var assigned = SimpleAssignor.Assign(subscriptions, _ => Assignment.Empty, new Dictionary<Uuid, ImmutableSortedSet<int>> { [topic] = [.. Enumerable.Range(0, partitions)] });
                var counts = assigned.Values.Select(assignment => assignment[topic].Count).ToList();
                Assert.True(counts.Max() - counts.Min() <= 1, $"{members} members, {partitions} partitions: {string.Join(',', counts)}");
                Assert.All(counts, count => Assert.True(count >= 1));
                Assert.Equal(Enumerable.Range(0, partitions), assigned.Values.SelectMany(assignment => assignment[topic]).Distinct().Order());
                var again = SimpleAssignor.Assign(subscriptions, member => assigned[member], new Dictionary<Uuid, ImmutableSortedSet<int>> { [topic] = [.. Enumerable.Range(0, partitions)] });
                Assert.All(assigned, member => Assert.Equal(member.Value, again[member.Key]));
            }
        }
    }

    private ShareGroup Group() => _harness.Shard.Groups.TryGet("g", out var group) ? (ShareGroup)group : throw new InvalidOperationException("no group");

    private int Epoch(string member) => Group().Members[member].MemberEpoch;

    private ImmutableSortedSet<int> Owned(string member) => Group().Members[member].AssignedPartitions[_topic];

    private void Join(string member)
    {
        if (Beat(member, 0, "t").Initialize is { } initialize)
            _harness.Run(shard => shard.ShareStateBegun("g", initialize.Topics.ToDictionary(topic => topic.TopicId, topic => (IReadOnlyList<int>)[.. topic.Partitions.Select(partition => partition.Partition)])));
        Beat(member, Epoch(member));
    }

    private void Leave(string member) => Beat(member, -1);

    private ShareHeartbeatResult Beat(string member, int epoch, params string[] topics) =>
        _harness.Run(shard => shard.ShareGroupHeartbeat(
            new GroupRequestContext(1, "client", "/127.0.0.1"), new() { GroupId = "g", MemberId = member, MemberEpoch = epoch, SubscribedTopicNames = topics.Length == 0 ? null : [.. topics] }));

    private KafkaException Refused(string member, int epoch, params string[] topics) => Assert.Throws<KafkaException>(() => Beat(member, epoch, topics));
}
