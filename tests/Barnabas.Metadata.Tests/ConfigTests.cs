using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Metadata.Tests;

public sealed class ConfigTests
{
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    [Fact]
    public void Values_are_set_and_deleted()
    {
        var harness = WithTopic();
        var topic = ConfigResource.ForTopic("t");
        Assert.Equal(ErrorCode.None, harness.Alter(topic, ("retention.ms", Set, "7"), ("segment.bytes", Set, "1048576")).ErrorCode);
        Assert.Equal("7", harness.Image.Configs.ConfigsOf(topic)["retention.ms"]);
        Assert.Equal(ErrorCode.None, harness.Alter(topic, ("retention.ms", Delete, null)).ErrorCode);
        Assert.Equal(["segment.bytes"], harness.Image.Configs.ConfigsOf(topic).Keys);
    }

    [Fact]
    public void Lists_are_appended_to_and_subtracted_from_beginning_with_the_default()
    {
        var harness = WithTopic();
        var topic = ConfigResource.ForTopic("t");
        harness.Alter(topic, ("cleanup.policy", Append, "compact"));
        Assert.Equal("delete,compact", harness.Image.Configs.ConfigsOf(topic)["cleanup.policy"]);
        harness.Alter(topic, ("cleanup.policy", Subtract, "delete"));
        Assert.Equal("compact", harness.Image.Configs.ConfigsOf(topic)["cleanup.policy"]);
        var refused = harness.Alter(topic, ("retention.ms", Append, "1"));
        Assert.Equal(
            (ErrorCode.InvalidConfig, "Can't APPEND to key retention.ms because its type is not LIST."),
            (refused.ErrorCode, refused.ErrorMessage));
    }

    [Theory]
    [InlineData(ConfigResourceType.Topic, "none", "retention.ms", "1", ErrorCode.UnknownTopicOrPartition, "The topic 'none' does not exist.")]
    [InlineData(ConfigResourceType.Topic, "", "retention.ms", "1", ErrorCode.InvalidRequest, "Default topic resources are not allowed.")]
    [InlineData(ConfigResourceType.Topic, "t", "nope", "1", ErrorCode.InvalidConfig, "Unknown topic config name: nope")]
    [InlineData(ConfigResourceType.Broker, "x", "log.retention.ms", "1", ErrorCode.InvalidRequest, "Unable to parse broker name as a base 10 number.")]
    [InlineData(ConfigResourceType.Broker, "-4", "log.retention.ms", "1", ErrorCode.InvalidRequest, "Invalid negative broker ID.")]
    [InlineData(ConfigResourceType.Broker, "9", "log.retention.ms", "1", ErrorCode.BrokerIdNotRegistered, "No node with id 9 found.")]
    [InlineData(ConfigResourceType.Broker, "1", "node.id", "2", ErrorCode.InvalidRequest, "Cannot update these configs dynamically: [node.id]")]
    [InlineData(ConfigResourceType.Broker, "1", "min.insync.replicas", "2", ErrorCode.InvalidConfig, "Broker-level min.insync.replicas cannot be altered while ELR is enabled.")]
    [InlineData(ConfigResourceType.Group, "", "consumer.session.timeout.ms", "45000", ErrorCode.InvalidRequest, "Default group resources are not allowed.")]
    [InlineData(ConfigResourceType.Group, "g", "nope", "45000", ErrorCode.InvalidRequest, "Unknown group config name: nope")]
    public void What_is_wrong_is_refused_in_Kafkas_words(
        ConfigResourceType type, string name, string key, string value, ErrorCode code, string message)
    {
        var harness = WithTopic();
        var before = harness.Raft.Log.Count;
        var result = harness.Alter(new ConfigResource(type, name), (key, Set, value));
        Assert.Equal((code, message), (result.ErrorCode, result.ErrorMessage));
        Assert.Equal(before, harness.Raft.Log.Count);
    }

    [Fact]
    public void A_cluster_wide_value_is_the_default_of_new_topics()
    {
        var harness = WithTopic();
        Assert.Equal(ErrorCode.None, harness.Alter(ConfigResource.DefaultBroker, ("log.retention.ms", Set, "1234")).ErrorCode);
        var created = harness.Create("later", 1, 1);
        var entry = Assert.Single(created.Configs!, c => c.Name == "retention.ms");
        Assert.Equal(("1234", (sbyte)3), (entry.Value, entry.ConfigSource));
    }

    [Fact]
    public void With_eligible_leader_replicas_the_cluster_has_a_minimum_from_the_start()
    {
        var harness = new ControllerHarness();
        Assert.Equal("1", harness.Image.Configs.ConfigsOf(ConfigResource.DefaultBroker)["min.insync.replicas"]);
        Assert.Empty(new ControllerHarness(elr: 0).Image.Configs.ConfigsOf(ConfigResource.DefaultBroker));
    }

    private static ControllerHarness WithTopic()
    {
        var harness = new ControllerHarness();
        harness.StartBrokers(1);
        harness.Create("t", 1, 1);
        return harness;
    }
}
