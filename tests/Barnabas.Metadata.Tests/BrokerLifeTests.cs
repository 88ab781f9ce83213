using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Tests;

public sealed class BrokerLifeTests
{
    [Fact]
    public void A_broker_is_fenced_until_it_has_caught_up()
    {
        var harness = new ControllerHarness();
        var epoch = harness.RegisterBroker(1);
        Assert.True(harness.Image.Cluster.Broker(1)!.Fenced);
        var behind = harness.Run(harness.Controller.BrokerHeartbeatAsync(
            ControllerHarness.Context, new BrokerHeartbeatRequest { BrokerId = 1, BrokerEpoch = epoch, CurrentMetadataOffset = 0 }));
        Assert.True(behind.IsFenced);
        Assert.False(behind.IsCaughtUp);
        Assert.False(harness.Heartbeat(1).IsFenced);
        Assert.False(harness.Image.Cluster.Broker(1)!.Fenced);
    }

    [Fact]
    public void A_broker_that_falls_silent_is_fenced_and_loses_its_leaderships()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1, 2);
        harness.Create("t", -1, -1, [[2, 1]]);
        for (var i = 0; i < 12; i++)
        {
            harness.Advance(TimeSpan.FromSeconds(1));
            harness.Heartbeat(1);
        }
        var partition = harness.Image.Topics.FindPartition("t", 0)!;
        Assert.True(harness.Image.Cluster.Broker(2)!.Fenced);
        Assert.Equal(1, partition.Leader);
        Assert.Equal([1], partition.Isr);
        Assert.Equal(1, partition.LeaderEpoch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Controlled_shutdown_moves_leaders_and_lets_the_broker_go(short elr)
    {
        var harness = new ControllerHarness(elr: elr);
        harness.StartBrokers(1, 2);
        harness.Create("t", -1, -1, [[2, 1]]);
        var first = harness.Heartbeat(2, wantShutDown: true);
        Assert.False(first.ShouldShutDown);
        Assert.Equal(1, harness.Image.Topics.FindPartition("t", 0)!.Leader);
        harness.Heartbeat(1);
        Assert.True(harness.Heartbeat(2, wantShutDown: true).ShouldShutDown);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void The_only_broker_shuts_down_and_leads_again_after_its_return(short elr)
    {
        var harness = new ControllerHarness(elr: elr);
        var epoch = harness.RegisterBroker(1);
        harness.Heartbeat(1);
        harness.Create("t", 1, 1);
        Assert.False(harness.Heartbeat(1, wantShutDown: true).ShouldShutDown);
        var partition = harness.Image.Topics.FindPartition("t", 0)!;
        Assert.Equal(PartitionRegistration.NoLeader, partition.Leader);
        Assert.Equal(elr == 1 ? [] : [1], partition.Isr);
        Assert.Equal(elr == 1 ? [1] : [], partition.Elr);
        Assert.True(harness.Heartbeat(1, wantShutDown: true).ShouldShutDown);

        harness.RegisterBroker(1, incarnation: new Uuid(9, 9), previousEpoch: epoch);
        harness.Heartbeat(1);
        partition = harness.Image.Topics.FindPartition("t", 0)!;
        Assert.Equal(1, partition.Leader);
        Assert.Equal([1], partition.Isr);
        Assert.Empty(partition.Elr);
        Assert.Empty(partition.LastKnownElr);
        Assert.Equal(LeaderRecoveryState.Recovered, partition.LeaderRecoveryState);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void The_only_broker_leads_again_after_it_was_killed(short elr)
    {
        var harness = new ControllerHarness(elr: elr);
        harness.StartBrokers(1);
        harness.Create("t", 1, 1);
        harness.RegisterBroker(1, incarnation: new Uuid(9, 9));
        harness.Heartbeat(1);
        var partition = harness.Image.Topics.FindPartition("t", 0)!;
        Assert.Equal(1, partition.Leader);
        Assert.Equal([1], partition.Isr);
        Assert.True(partition.LeaderEpoch > 0);
    }

    [Fact]
    public void Another_process_with_the_id_of_a_live_broker_is_refused()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(2);
        var error = Assert.Throws<KafkaException>(() => harness.RegisterBroker(2, incarnation: new Uuid(3, 3)));
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, error.ErrorCode);
    }

    [Fact]
    public void A_stale_epoch_and_a_foreign_cluster_are_refused()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var stale = harness.Fails(harness.Controller.BrokerHeartbeatAsync(
            ControllerHarness.Context, new BrokerHeartbeatRequest { BrokerId = 1, BrokerEpoch = 0 }));
        Assert.Equal(ErrorCode.StaleBrokerEpoch, stale.ErrorCode);
        var foreign = harness.Fails(harness.Controller.RegisterBrokerAsync(
            ControllerHarness.Context, new BrokerRegistrationRequest { BrokerId = 1, ClusterId = "other" }));
        Assert.Equal(
            (ErrorCode.InconsistentClusterId, "Expected cluster ID MkU3OEVBNTcwNTJENDM2Qg, but got cluster ID other"),
            (foreign.ErrorCode, foreign.Message));
    }

    [Fact]
    public void Producer_ids_come_in_blocks_that_never_overlap()
    {
        var harness = new ControllerHarness();
        var epoch = harness.RegisterBroker(1);
        var starts = Enumerable.Range(0, 3).Select(_ => harness.Run(harness.Controller.AllocateProducerIdsAsync(
            ControllerHarness.Context, new AllocateProducerIdsRequest { BrokerId = 1, BrokerEpoch = epoch })));
        Assert.Equal([0, 1000, 2000], starts.Select(s => s.ProducerIdStart));
    }

    [Fact]
    public void A_reassignment_completes_when_the_new_replicas_are_in_sync()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1, 2);
        harness.Create("t", -1, -1, [[1]]);
        var request = new AlterPartitionReassignmentsRequest();
        request.Topics.Add(new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Replicas = [2] }] });
        var answer = harness.Run(harness.Controller.AlterPartitionReassignmentsAsync(ControllerHarness.Context, request));
        Assert.Equal(ErrorCode.None, answer.Responses[0].Partitions[0].ErrorCode);
        var partition = harness.Image.Topics.FindPartition("t", 0)!;
        Assert.Equal([2, 1], partition.Replicas);
        Assert.Equal([2], partition.AddingReplicas);
        Assert.Equal([1], partition.RemovingReplicas);
        var listed = harness.Run(harness.Controller.ListPartitionReassignmentsAsync(ControllerHarness.Context, new ListPartitionReassignmentsRequest()));
        Assert.Equal("t", listed.Topics.Single().Name);

        var topic = harness.Image.Topics.Find("t")!;
        var alter = new AlterPartitionRequest { BrokerId = 1, BrokerEpoch = harness.Image.Cluster.Broker(1)!.Epoch };
        alter.Topics.Add(new()
        {
            TopicId = topic.Id,
            Partitions =
            [
                new()
                {
                    PartitionIndex = 0,
                    LeaderEpoch = partition.LeaderEpoch,
                    PartitionEpoch = partition.PartitionEpoch,
                    NewIsrWithEpochs = [new() { BrokerId = 1 }, new() { BrokerId = 2 }],
                },
            ],
        });
        var altered = harness.Run(harness.Controller.AlterPartitionAsync(ControllerHarness.Context, alter));
        Assert.Equal(ErrorCode.NewLeaderElected, altered.Topics[0].Partitions[0].ErrorCode);
        partition = harness.Image.Topics.FindPartition("t", 0)!;
        Assert.Equal([2], partition.Replicas);
        Assert.Equal(2, partition.Leader);
        Assert.False(partition.IsReassigning);
    }
}
