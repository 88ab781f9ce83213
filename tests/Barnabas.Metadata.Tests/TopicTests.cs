using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Tests;

public sealed class TopicTests
{
    [Fact]
    public void A_created_topic_has_its_partitions_on_the_one_broker_with_epochs_zero()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var result = harness.Create("hello", partitions: 3, replicationFactor: 1, configs: ("retention.ms", "1000"));
        Assert.Equal(ErrorCode.None, result.ErrorCode);
        Assert.Equal(3, result.NumPartitions);
        Assert.Equal(1, result.ReplicationFactor);
        var retention = Assert.Single(result.Configs!, c => c.Name == "retention.ms");
        Assert.Equal("1000", retention.Value);
        Assert.Equal(1, retention.ConfigSource);

        var topic = harness.Image.Topics.Find("hello")!;
        Assert.Equal(result.TopicId, topic.Id);
        Assert.Equal(3, topic.PartitionCount);
        var partition = topic.Partition(2)!;
        Assert.Equal([1], partition.Replicas);
        Assert.Equal([1], partition.Isr);
        Assert.Equal(1, partition.Leader);
        Assert.Equal(0, partition.LeaderEpoch);
        Assert.Equal([new Uuid(5000, 1)], partition.Directories);
    }

    [Fact]
    public void Defaults_come_from_the_configuration()
    {
        var harness = new ControllerHarness(new() { ["num.partitions"] = "4" });
        harness.StartBrokers(1);
        Assert.Equal(4, harness.Create("defaults").NumPartitions);
    }

    [Theory]
    [InlineData("", "Topic name is invalid: the empty string is not allowed")]
    [InlineData(".", "Topic name is invalid: '.' is not allowed")]
    [InlineData("..", "Topic name is invalid: '..' is not allowed")]
    [InlineData("a b", "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    [InlineData("a_b", "Topic 'a_b' collides with existing topic: a.b")]
    public void An_invalid_name_is_refused_in_Kafkas_words(string name, string message)
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        harness.Create("a.b");
        var result = harness.Create(name);
        Assert.Equal((ErrorCode.InvalidTopicException, message), (result.ErrorCode, result.ErrorMessage));
    }

    [Fact]
    public void A_name_that_is_too_long_is_refused()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var name = new string('x', 250);
        Assert.Equal(
            $"Topic name is invalid: the length of '{name}' is longer than the max allowed length 249", harness.Create(name).ErrorMessage);
        Assert.Equal(ErrorCode.None, harness.Create(new string('x', 249)).ErrorCode);
    }

    [Fact]
    public void Counts_and_factors_are_refused_in_Kafkas_words()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        Check(harness.Create("t", 0), ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        Check(
            harness.Create("t", 1, 0), ErrorCode.InvalidReplicationFactor,
            "Replication factor must be larger than 0, or -1 to use the default value.");
        Check(
            harness.Create("t", 1, 3), ErrorCode.InvalidReplicationFactor,
            "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 " +
            "broker(s) are registered or some brokers have all their log directories cordoned.");
        harness.Create("t", 1, 1);
        Check(harness.Create("t", 1, 1), ErrorCode.TopicAlreadyExists, "Topic 't' already exists.");

        static void Check(CreateTopicsResponse.CreatableTopicResult result, ErrorCode code, string message) =>
            Assert.Equal((code, message), (result.ErrorCode, result.ErrorMessage));
    }

    [Fact]
    public void Without_an_available_broker_no_topic_can_be_created()
    {
        var harness = new ControllerHarness();
        harness.RegisterBroker(1);
        Assert.Equal(
            "Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log directories cordoned.",
            harness.Create("t", 1, 1).ErrorMessage);
    }

    [Fact]
    public void Manual_assignments_are_checked()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1, 2);
        Check(harness.Create("m", 1, -1, [[1]]), ErrorCode.InvalidRequest, "A manual partition assignment was specified, but numPartitions was not set to -1.");
        Check(harness.Create("m", -1, 1, [[1]]), ErrorCode.InvalidRequest, "A manual partition assignment was specified, but replication factor was not set to -1.");
        Check(harness.Create("m", -1, -1, [[7]]), ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes broker 7, but no such broker is registered.");
        Check(harness.Create("m", -1, -1, [[1, 1]]), ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes the broker 1 more than once.");
        Check(harness.Create("m", -1, -1, [[]]), ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes an empty replica list.");
        Check(
            harness.Create("m", -1, -1, [[1], [1, 2]]), ErrorCode.InvalidReplicaAssignment,
            "The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with previous partitions, which have 1 replica(s).");
        Assert.Equal(ErrorCode.None, harness.Create("m", -1, -1, [[2, 1], [1, 2]]).ErrorCode);
        Assert.Equal(2, harness.Image.Topics.FindPartition("m", 0)!.Leader);

        static void Check(CreateTopicsResponse.CreatableTopicResult result, ErrorCode code, string message) =>
            Assert.Equal((code, message), (result.ErrorCode, result.ErrorMessage));
    }

    [Fact]
    public void Bad_configuration_leaves_nothing_behind()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var before = harness.Raft.Log.Count;
        Assert.Equal("Unknown topic config name: no.such", harness.Create("t", 1, 1, configs: ("no.such", "1")).ErrorMessage);
        Assert.Equal("Null value not supported for topic configs: retention.ms", harness.Create("t", 1, 1, configs: ("retention.ms", null)).ErrorMessage);
        Assert.Equal(
            (ErrorCode.InvalidConfig, "Invalid value abc for configuration retention.ms: Not a number of type LONG"),
            (harness.Create("t", 1, 1, configs: ("retention.ms", "abc")) is var r ? r.ErrorCode : default, r.ErrorMessage));
        Assert.Equal(before, harness.Raft.Log.Count);
    }

    [Fact]
    public void Validating_only_answers_and_writes_nothing()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var before = harness.Raft.Log.Count;
        var request = new CreateTopicsRequest { ValidateOnly = true };
        request.Topics.Add(new() { Name = "v", NumPartitions = 2, ReplicationFactor = 1 });
        var response = harness.Run(harness.Controller.CreateTopicsAsync(ControllerHarness.Context, request));
        Assert.Equal(ErrorCode.None, response.Topics.Single().ErrorCode);
        Assert.Equal(before, harness.Raft.Log.Count);
    }

    [Fact]
    public void Duplicates_and_the_metadata_topic_are_refused()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var request = new CreateTopicsRequest();
        foreach (var name in (string[])["twice", "twice", "__cluster_metadata", "once"])
        {
            request.Topics.Add(new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 });
        }
        var results = harness.Run(harness.Controller.CreateTopicsAsync(ControllerHarness.Context, request)).Topics;
        Assert.Equal("Duplicate topic name.", results.Single(t => t.Name == "twice").ErrorMessage);
        Assert.Equal("Creation of internal topic __cluster_metadata is prohibited.", results.Single(t => t.Name == "__cluster_metadata").ErrorMessage);
        Assert.Equal(ErrorCode.None, results.Single(t => t.Name == "once").ErrorCode);
    }

    [Fact]
    public void Too_many_partitions_at_once_are_refused()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var error = harness.Fails(harness.Controller.CreateTopicsAsync(
            ControllerHarness.Context,
            new CreateTopicsRequest { Topics = [new() { Name = "t", NumPartitions = 10_001, ReplicationFactor = 1 }] }));
        Assert.Equal((ErrorCode.PolicyViolation, "Excessively large number of partitions per request."), (error.ErrorCode, error.Message));
    }

    [Fact]
    public void Topics_are_deleted_by_name_and_by_id_with_their_configuration()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        var a = harness.Create("a", 1, 1, configs: ("retention.ms", "5"));
        var b = harness.Create("b", 1, 1);
        var request = new DeleteTopicsRequest();
        request.Topics.Add(new() { Name = "a" });
        request.Topics.Add(new() { Name = null, TopicId = b.TopicId });
        request.Topics.Add(new() { Name = "none" });
        request.Topics.Add(new() { Name = null, TopicId = new Uuid(1, 2) });
        request.Topics.Add(new() { Name = null });
        var results = harness.Run(harness.Controller.DeleteTopicsAsync(ControllerHarness.Context, request)).Responses;
        Assert.Equal(ErrorCode.None, results.Single(r => r.Name == "a").ErrorCode);
        Assert.Equal(a.TopicId, results.Single(r => r.Name == "a").TopicId);
        Assert.Equal(ErrorCode.None, results.Single(r => r.TopicId == b.TopicId).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, results.Single(r => r.Name == "none").ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicId, results.Single(r => r.TopicId == new Uuid(1, 2)).ErrorCode);
        Assert.Contains(results, r => r.ErrorMessage == "Neither topic name nor id were specified.");
        Assert.Empty(harness.Image.Topics.ById);
        Assert.DoesNotContain(harness.Image.Configs.Resources.Keys, r => r.Name == "a");
        // The name is free again, and gets a new id.
        Assert.NotEqual(a.TopicId, harness.Create("a", 1, 1).TopicId);
    }

    [Fact]
    public void Deletion_can_be_disabled()
    {
        var harness = new ControllerHarness(new() { ["delete.topic.enable"] = "false" });
        harness.StartBrokers(1);
        harness.Create("a", 1, 1);
        var error = harness.Fails(harness.Controller.DeleteTopicsAsync(
            ControllerHarness.Context, new DeleteTopicsRequest { TopicNames = ["a"] }));
        Assert.Equal(ErrorCode.TopicDeletionDisabled, error.ErrorCode);
    }

    [Fact]
    public void Partitions_are_added_and_refused_in_Kafkas_words()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        harness.Create("p", 2, 1);
        Check("p", 2, null, ErrorCode.InvalidPartitions, "Topic already has 2 partition(s).");
        Check("p", 1, null, ErrorCode.InvalidPartitions, "The topic p currently has 2 partition(s); 1 would not be an increase.");
        Check("q", 1, null, ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.");
        Check(
            "p", 4, [[1]], ErrorCode.InvalidReplicaAssignment,
            "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.");
        Check("p", 4, null, ErrorCode.None, null);
        Assert.Equal(4, harness.Image.Topics.Find("p")!.PartitionCount);

        void Check(string topic, int count, int[][]? assignments, ErrorCode code, string? message)
        {
            var request = new CreatePartitionsRequest();
            request.Topics.Add(new()
            {
                Name = topic,
                Count = count,
                Assignments = assignments?.Select(a => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. a] }).ToList(),
            });
            var result = harness.Run(harness.Controller.CreatePartitionsAsync(ControllerHarness.Context, request)).Results.Single();
            Assert.Equal((code, message), (result.ErrorCode, result.ErrorMessage));
        }
    }
}
