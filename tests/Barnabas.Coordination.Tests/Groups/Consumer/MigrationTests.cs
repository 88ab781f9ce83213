using Barnabas.Coordination.Groups.Consumer;
using Barnabas.Coordination.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Tests.Groups.Consumer;

/// <summary>Groups whose members move from the classic protocol to KIP-848 and back, one by one.</summary>
public sealed class MigrationTests
{
    [Fact]
    public void A_classic_group_becomes_a_KIP_848_group_when_its_first_such_member_joins_and_nobody_loses_a_partition_early()
    {
        var harness = Harness();
        var (old, generation) = ClassicMember(harness, [0, 1, 2, 3]);
        var fresh = new SimulatedConsumer("new", "t");

        fresh.Beat(harness);

        Assert.Equal(("consumer", "Reconciling"), Listed(harness));
        Assert.Empty(fresh.Owned);
        Assert.Equal(ErrorCode.RebalanceInProgress, harness.Heartbeat(old, generation));

        // It rejoins and is told what it keeps; then it says that it owns no more than that.
        var (kept, epoch) = Rejoin(harness, old, [0, 1, 2, 3]);
        Assert.Equal(2, kept.Count);
        fresh.Beat(harness);
        Assert.Empty(fresh.Owned);
        Assert.Equal(ErrorCode.RebalanceInProgress, harness.Heartbeat(old, epoch));
        (kept, epoch) = Rejoin(harness, old, kept);
        fresh.Beat(harness);

        Assert.Equal([0, 1, 2, 3], kept.Concat(fresh.Owned.Select(owned => owned.Partition)).Order());
        Assert.Equal(ErrorCode.None, harness.Heartbeat(old, epoch));
        Assert.Equal(("consumer", "Stable"), Listed(harness));
    }

    [Fact]
    public void A_changed_group_is_the_same_after_its_log_is_read_again()
    {
        var harness = Harness();
        var (old, _) = ClassicMember(harness, [0, 1, 2, 3]);
        new SimulatedConsumer("new", "t").Beat(harness);
        var (kept, epoch) = Rejoin(harness, old, [0, 1, 2, 3]);

        var reloaded = harness.Reload();
        reloaded.Topics = harness.Topics;

        Assert.Equal(ErrorCode.RebalanceInProgress, reloaded.Heartbeat(old, epoch));
        Assert.Equal(kept, Rejoin(reloaded, old, kept).Partitions);
    }

    [Fact]
    public void The_group_is_classic_again_when_only_classic_members_are_left()
    {
        var harness = Harness();
        var (old, _) = ClassicMember(harness, [0, 1, 2, 3]);
        var fresh = new SimulatedConsumer("new", "t");
        fresh.Beat(harness);
        var (_, epoch) = Rejoin(harness, old, Rejoin(harness, old, [0, 1, 2, 3]).Partitions);

        fresh.Leave(harness);

        Assert.Equal(("classic", "PreparingRebalance"), Listed(harness));
        Assert.Equal(ErrorCode.RebalanceInProgress, harness.Heartbeat(old, epoch));
        var reloaded = harness.Reload();
        Assert.Equal(("classic", "Stable"), Listed(reloaded));
        Assert.Equal(old, Assert.Single(reloaded.Group().Members).MemberId);
    }

    [Fact]
    public void A_group_whose_change_cannot_be_written_stays_what_it_was()
    {
        var harness = Harness();
        var (old, generation) = ClassicMember(harness, [0, 1, 2, 3]);
        harness.AppendError = ErrorCode.NotEnoughReplicas;
        new SimulatedConsumer("new", "t").Beat(harness);
        Assert.Equal(("classic", "Stable"), Listed(harness));
        Assert.Equal(ErrorCode.None, harness.Heartbeat(old, generation));

        harness.AppendError = null;
        var fresh = new SimulatedConsumer("new", "t");
        fresh.Beat(harness);
        harness.AppendError = ErrorCode.NotEnoughReplicas;
        fresh.Leave(harness);
        Assert.Equal("consumer", Listed(harness).Type);
    }

    [Theory]
    [InlineData(ConsumerGroupMigrationPolicy.Disabled, "Cannot upgrade classic group g to consumer group because online upgrade is disabled.")]
    [InlineData(ConsumerGroupMigrationPolicy.Downgrade, "Cannot upgrade classic group g to consumer group because online upgrade is disabled.")]
    public void The_policy_keeps_a_classic_group_classic(ConsumerGroupMigrationPolicy policy, string message)
    {
        var harness = Harness(policy);
        ClassicMember(harness, [0, 1, 2, 3]);

        var e = Assert.Throws<KafkaException>(() => new SimulatedConsumer("new", "t").Beat(harness));

        Assert.Equal((ErrorCode.GroupIdNotFound, message), (e.ErrorCode, e.Message));
    }

    [Fact]
    public void The_policy_keeps_classic_members_out_of_a_KIP_848_group()
    {
        var harness = Harness(ConsumerGroupMigrationPolicy.Disabled);
        new SimulatedConsumer("new", "t").Beat(harness);

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, harness.Join(metadata: GroupClient.Subscription("t")).Result().ErrorCode);
    }

    [Fact]
    public void Assignments_with_a_meaning_of_their_own_keep_a_group_classic()
    {
        var harness = Harness();
        ClassicMember(harness, [0, 1, 2, 3], userData: [7]);

        var e = Assert.Throws<KafkaException>(() => new SimulatedConsumer("new", "t").Beat(harness));

        Assert.Equal(ErrorCode.GroupIdNotFound, e.ErrorCode);
        Assert.Contains("an unsupported custom assignor is in use", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classic_member_that_does_not_rejoin_in_time_is_removed()
    {
        var harness = Harness();
        var (old, generation) = ClassicMember(harness, [0, 1, 2, 3]);
        var fresh = new SimulatedConsumer("new", "t");
        fresh.Beat(harness);
        Assert.Equal(ErrorCode.RebalanceInProgress, harness.Heartbeat(old, generation));

        for (var elapsed = 0; elapsed < 61_000; elapsed += 5_000)
        {
            harness.Advance(5_000);
            fresh.Beat(harness);
            harness.Heartbeat(old, generation);
        }

        fresh.Beat(harness);
        Assert.Equal(4, fresh.Owned.Count);
    }

    private static ShardHarness Harness(ConsumerGroupMigrationPolicy policy = ConsumerGroupMigrationPolicy.Bidirectional)
    {
        var harness = new ShardHarness(ShardHarness.DefaultConfig with { Consumer = new() { AssignmentIntervalMs = 0, MigrationPolicy = policy } });
        harness.Topics.Create("t", 4);
        return harness;
    }

    /// <summary>A classic group of one member with these partitions of t.</summary>
    private static (string MemberId, int Generation) ClassicMember(ShardHarness harness, int[] partitions, byte[]? userData = null)
    {
        var join = harness.Join(version: 3, metadata: GroupClient.Subscription("t"));
        harness.Advance(harness.Config.InitialRebalanceDelayMs + 1);
        var member = join.Result();
        Assert.Equal(ErrorCode.None, harness.Sync(member.MemberId, member.GenerationId, assignments: [(member.MemberId, Assignment(partitions, userData))]).Result().ErrorCode);
        return (member.MemberId, member.GenerationId);
    }

    /// <summary>The member rejoins with what it owns, and syncs.</summary>
    private static (List<int> Partitions, int Epoch) Rejoin(ShardHarness harness, string memberId, IEnumerable<int> owned)
    {
        var join = harness.Join(memberId, metadata: Subscription(owned)).Result();
        Assert.Equal(ErrorCode.None, join.ErrorCode);
        var sync = harness.Sync(memberId, join.GenerationId, protocolType: "consumer", protocolName: join.ProtocolName).Result();
        Assert.Equal(ErrorCode.None, sync.ErrorCode);
        var reader = new MessageReader(sync.Assignment);
        var assignment = new ConsumerProtocolAssignment();
        assignment.Read(ref reader, reader.ReadInt16());
        return ([.. assignment.AssignedPartitions.SelectMany(topic => topic.Partitions)], join.GenerationId);
    }

    private static (string Type, string State) Listed(ShardHarness harness)
    {
        var listed = Assert.Single(harness.Shard.ListGroups([], []));
        return (listed.GroupType, listed.GroupState);
    }

    private static byte[] Assignment(int[] partitions, byte[]? userData)
    {
        var assignment = new ConsumerProtocolAssignment { UserData = userData ?? default(ReadOnlyMemory<byte>?) };
        assignment.AssignedPartitions.Add(new() { Topic = "t", Partitions = [.. partitions] });
        return Written(writer => assignment.Write(writer, 1), 1);
    }

    private static byte[] Subscription(IEnumerable<int> owned)
    {
        var subscription = new ConsumerProtocolSubscription { Topics = ["t"] };
        subscription.OwnedPartitions.Add(new() { Topic = "t", Partitions = [.. owned] });
        return Written(writer => subscription.Write(writer, 1), 1);
    }

    private static byte[] Written(Action<MessageWriter> write, short version)
    {
        using var writer = new MessageWriter();
        writer.WriteInt16(version);
        write(writer);
        return writer.ToArray();
    }
}
