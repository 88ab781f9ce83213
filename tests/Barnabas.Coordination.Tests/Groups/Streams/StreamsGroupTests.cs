using Barnabas.Coordination.Groups;
using Barnabas.Coordination.Groups.Streams;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Groups.Streams;

public sealed class StreamsGroupTests
{
    private ShardHarness _harness = new();
    private readonly Dictionary<string, (int Epoch, List<StreamsGroupHeartbeatRequest.TaskIds> Active)> _members = [];

    public StreamsGroupTests() => _harness.Topics.Create("in", 4);

    [Fact]
    public void Tasks_are_assigned_once_the_internal_topics_are_there()
    {
        var joined = Beat("a", 0);
        Assert.Equal(["store-changelog"], joined.MissingTopics.Select(topic => topic.Name));
        Assert.Equal((4, (short)-1), (joined.MissingTopics[0].NumPartitions, joined.MissingTopics[0].ReplicationFactor));
        var status = Assert.Single(joined.Response.Status!);
        Assert.Equal(((sbyte)3, "Internal topics are missing: store-changelog"), (status.StatusCode, status.StatusDetail));
        Assert.Empty(joined.Response.ActiveTasks!);
        Assert.Equal("NotReady", Group().StateName);

        _harness.Topics.Create("store-changelog", 4);
        var assigned = Beat("a").Response;
        Assert.Empty(assigned.Status!);
        Assert.Equal([0, 1, 2, 3], Assert.Single(assigned.ActiveTasks!).Partitions);
        Assert.Equal("Stable", Group().StateName);
        Assert.Null(Beat("a").Response.ActiveTasks);
    }

    [Fact]
    public void A_task_goes_to_another_member_only_after_its_owner_gave_it_up()
    {
        Start("a");
        Assert.Empty(Beat("b", 0).Response.ActiveTasks!);
        Assert.Equal("Reconciling", Group().StateName);
        Assert.Equal(2, Assert.Single(Beat("a").Response.ActiveTasks!).Partitions.Count);
        Assert.Null(Beat("b").Response.ActiveTasks);
        Beat("a");
        Assert.Equal(2, Assert.Single(Beat("b").Response.ActiveTasks!).Partitions.Count);
        Assert.Equal("Stable", Group().StateName);
    }

    [Fact]
    public void A_member_may_commit_in_an_earlier_epoch_for_tasks_that_were_its_own_by_then()
    {
        Start("a");
        var earlier = Group().Members["a"].MemberEpoch;
        Beat("b", 0);
        Beat("a");
        Beat("a");
        Beat("b");
        Assert.Equal("Stable", Group().StateName);
        _harness = _harness.Reload();

        var commit = Group().ValidateOffsetCommit("a", null, earlier, false, 9)!;
        foreach (var task in Group().Members["a"].Assigned.Active.Tasks)
            commit("in", Uuid.Zero, task.Partition);
        var given = Group().Members["b"].Assigned.Active.Tasks.First().Partition;
        Assert.Equal($"Task 0-{given} is not assigned or pending revocation for member.", Assert.Throws<KafkaException>(() => commit("in", Uuid.Zero, given)).Message);
        Assert.Equal("Topic out is not in the topology.", Assert.Throws<KafkaException>(() => commit("out", Uuid.Zero, 0)).Message);
        Assert.Equal(
            $"Received member epoch {earlier} is older than assignment epoch {earlier + 1} for task 0-{given}.",
            Assert.Throws<KafkaException>(() => Group().ValidateOffsetCommit("b", null, earlier, false, 9)!("in", Uuid.Zero, given)).Message);
        Assert.Equal(ErrorCode.StaleMemberEpoch, Assert.Throws<KafkaException>(() => Group().ValidateOffsetCommit("a", null, earlier + 2, false, 9)).ErrorCode);
    }

    [Fact]
    public void A_member_that_does_not_give_up_its_tasks_in_time_is_removed()
    {
        Start("a");
        Beat("b", 0);
        Beat("a");
        for (var i = 0; i < 4; i++)
        {
            _harness.Advance(20_000);
            Beat("b");
            if (Group().Members.ContainsKey("a"))
                Beat("a", keepsOld: true);
        }

        Assert.Equal(["b"], Group().Members.Keys);
    }

    [Fact]
    public void Standby_copies_go_to_other_processes()
    {
        _harness = new(ShardHarness.DefaultConfig with { Streams = ShardHarness.DefaultConfig.Streams with { StandbyReplicas = 1 } });
        _harness.Topics.Create("in", 4);
        Start("a");
        Beat("b", 0);
        for (var i = 0; i < 6; i++)
        {
            Beat("a");
            Beat("b");
        }

        foreach (var (mine, other) in new[] { ("a", "b"), ("b", "a") })
        {
            Assert.Equal(2, Group().Members[mine].Assigned.Active.Tasks.Count());
            Assert.Equal(Group().Members[other].Assigned.Active, Group().Members[mine].Assigned.Standby);
        }
    }

    [Fact]
    public void A_group_survives_a_restart()
    {
        Start("a");
        var topics = _harness.Topics;
        _harness = _harness.Reload();
        _harness.Topics = topics;
        Assert.Equal("Stable", Group().StateName);
        Assert.Equal(4, Group().Members["a"].Assigned.Active.Tasks.Count());
        Assert.Null(Beat("a").Response.ActiveTasks);
        var described = Assert.Single(_harness.Shard.DescribeStreamsGroups(["g"]));
        Assert.Equal(("Stable", 4), (described.GroupState, described.Topology!.Subtopologies![0].StateChangelogTopics[0].Partitions));
    }

    [Fact]
    public void A_new_group_waits_for_more_members_before_it_assigns_tasks()
    {
        _harness = new(ShardHarness.DefaultConfig with { Streams = new() { InitialRebalanceDelayMs = 3_000 } });
        _harness.Topics.Create("in", 4);
        _harness.Topics.Create("store-changelog", 4);
        var joined = Beat("a", 0).Response;
        Assert.Equal((sbyte)5, Assert.Single(joined.Status!).StatusCode);
        // Epoch 0 would have it join again.
        Assert.Equal(1, joined.MemberEpoch);
        Assert.Empty(joined.ActiveTasks!);
        Beat("b", 0);
        _harness.Advance(3_000);
        Assert.Equal(2, Assert.Single(Beat("a", 0).Response.ActiveTasks!).Partitions.Count);
        Assert.Equal(2, Assert.Single(Beat("b", 0).Response.ActiveTasks!).Partitions.Count);
    }

    [Fact]
    public void Some_time_passes_between_two_assignments()
    {
        _harness = new(ShardHarness.DefaultConfig with { Streams = new() { InitialRebalanceDelayMs = 0, AssignmentIntervalMs = 1_000 } });
        _harness.Topics.Create("in", 4);
        Start("a");
        var waits = Beat("b", 0).Response;
        Assert.Equal("Assignment delayed due to the configured assignment interval.", Assert.Single(waits.Status!).StatusDetail);
        Assert.Equal("Assigning", Group().StateName);
        _harness.Advance(1_000);
        Assert.Empty(Beat("b").Response.Status!);
        Assert.Equal(2, Assert.Single(Beat("a").Response.ActiveTasks!).Partitions.Count);
    }

    [Fact]
    public void A_member_that_asks_the_application_to_end_is_heard_by_all()
    {
        Start("a");
        Beat("b", 0);
        Run("b", new() { GroupId = "g", MemberId = "b", MemberEpoch = _members["b"].Epoch, ShutdownApplication = true });
        Assert.Contains(Beat("a").Response.Status!, status => status.StatusCode == 4);
    }

    [Fact]
    public void Topologies_that_cannot_work_are_refused_or_told_why()
    {
        var unknown = Topology();
        unknown.Subtopologies[0].SourceTopics = ["nowhere"];
        Assert.Equal("Source topics nowhere are missing.", Assert.Single(Join("a", unknown).Response.Status!).StatusDetail);
        var other = Topology();
        other.Subtopologies[0].StateChangelogTopics.Clear();
        Assert.Equal("Topology updates are not supported yet.", Assert.Throws<KafkaException>(() => Join("b", other)).Message);
        var fixedChangelog = Topology();
        fixedChangelog.Subtopologies[0].StateChangelogTopics[0].Partitions = 3;
        Assert.Equal(ErrorCode.StreamsInvalidTopology, Assert.Throws<KafkaException>(() => Join("c", fixedChangelog)).ErrorCode);
    }

    [Fact]
    public void Repartition_topics_are_as_large_as_what_flows_into_them()
    {
        var topology = new StreamsGroupTopologyValue
        {
            Epoch = 1,
            Subtopologies =
            [
                new() { SubtopologyId = "0", SourceTopics = ["in"], RepartitionSinkTopics = ["by-key"] },
                new() { SubtopologyId = "1", RepartitionSourceTopics = [new() { Name = "by-key" }], StateChangelogTopics = [new() { Name = "counts" }] },
            ],
        };
        var configured = TopologyConfigurator.Configure(topology, _harness.Topics);
        Assert.Equal([("by-key", 4), ("counts", 4)], configured.MissingTopics.Select(topic => (topic.Name, topic.NumPartitions)));
        _harness.Topics.Create("by-key", 3);
        Assert.Equal("Existing topic by-key has different number of partitions: expected 4, found 3", TopologyConfigurator.Configure(topology, _harness.Topics).Problem!.Value.Detail);
    }

    private StreamsGroup Group() => _harness.Shard.Groups.TryGet("g", out var group) ? (StreamsGroup)group : throw new InvalidOperationException("no group");

    private void Start(string member)
    {
        _harness.Topics.Create("store-changelog", 4);
        Beat(member, 0);
    }

    private static StreamsGroupHeartbeatRequest.TopologyData Topology() => new()
    {
        Epoch = 1,
        Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["in"], StateChangelogTopics = [new() { Name = "store-changelog" }] }],
    };

    private StreamsHeartbeatResult Join(string member, StreamsGroupHeartbeatRequest.TopologyData topology) => Run(member, new()
    {
        GroupId = "g",
        MemberId = member,
        MemberEpoch = 0,
        RebalanceTimeoutMs = 60_000,
        ProcessId = $"process-{member}",
        Topology = topology,
        ActiveTasks = [],
        StandbyTasks = [],
        WarmupTasks = [],
    });

    /// <summary>A heartbeat of a member that does as it was told by the one before.</summary>
    private StreamsHeartbeatResult Beat(string member, int epoch = -1, bool keepsOld = false)
    {
        if (epoch == 0)
            return Join(member, Topology());
        var (known, active) = _members.GetValueOrDefault(member, (Group().Members[member].MemberEpoch, []));
        return Run(member, new()
        {
            GroupId = "g",
            MemberId = member,
            MemberEpoch = known,
            ActiveTasks = keepsOld ? [new() { SubtopologyId = "0", Partitions = [0, 1, 2, 3] }] : active,
            StandbyTasks = [.. Group().Members[member].Assigned.Standby.Partitions.Select(task => new StreamsGroupHeartbeatRequest.TaskIds { SubtopologyId = task.Key, Partitions = [.. task.Value] })],
            WarmupTasks = [],
        });
    }

    private StreamsHeartbeatResult Run(string member, StreamsGroupHeartbeatRequest request)
    {
        var result = _harness.Run(shard => shard.StreamsGroupHeartbeat(new GroupRequestContext(0, "client", "/127.0.0.1"), request));
        var active = result.Response.ActiveTasks?.ConvertAll(task => new StreamsGroupHeartbeatRequest.TaskIds { SubtopologyId = task.SubtopologyId, Partitions = task.Partitions })
            ?? _members.GetValueOrDefault(member, (0, [])).Active;
        _members[member] = (result.Response.MemberEpoch, active);
        return result;
    }
}
