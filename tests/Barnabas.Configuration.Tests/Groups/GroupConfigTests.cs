using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Groups;

namespace Barnabas.Configuration.Tests.Groups;

public sealed class GroupConfigTests
{
    private static readonly BrokerConfig Broker = WithProperties();

    [Theory]
    [InlineData("streams.session.timeout.ms", "1", "streams.session.timeout.ms must be greater than or equal to group.streams.min.session.timeout.ms")]
    [InlineData("streams.session.timeout.ms", "100000", "streams.session.timeout.ms must be less than or equal to group.streams.max.session.timeout.ms")]
    [InlineData("streams.num.standby.replicas", "3", "streams.num.standby.replicas must be less than or equal to group.streams.max.standby.replicas")]
    [InlineData("consumer.heartbeat.interval.ms", "1", "consumer.heartbeat.interval.ms must be greater than or equal to group.consumer.min.heartbeat.interval.ms")]
    public void A_value_outside_the_brokers_bounds_is_refused_in_Kafkas_words(string name, string value, string message)
    {
        var e = Assert.Throws<ConfigException>(() => GroupConfig.Validate(Broker, new Dictionary<string, string> { [name] = value }));
        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void A_heartbeat_interval_as_long_as_the_session_is_refused()
    {
        var broker = WithProperties(("group.consumer.max.heartbeat.interval.ms", "60000"));
        var e = Assert.Throws<ConfigException>(() => GroupConfig.Validate(
            broker, new Dictionary<string, string> { ["consumer.heartbeat.interval.ms"] = "45000" }));
        Assert.Equal("consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms", e.Message);
    }

    [Fact]
    public void A_group_that_sets_nothing_has_what_the_broker_has_for_all_groups()
    {
        var broker = WithProperties(("group.consumer.session.timeout.ms", "50000"));
        var entry = Assert.Single(GroupConfigDescriber.Describe(broker, new Dictionary<string, string>(), ["consumer.session.timeout.ms"]));
        Assert.Equal(("50000", ConfigSource.StaticBrokerConfig), (entry.Value, entry.Source));
        Assert.Equal(
            [("group.consumer.session.timeout.ms", "50000"), ("group.consumer.session.timeout.ms", "45000")],
            entry.Synonyms.Select(s => (s.Name, s.Value!)));
    }

    [Fact]
    public void What_is_set_for_the_group_comes_first()
    {
        var entry = Assert.Single(GroupConfigDescriber.Describe(
            Broker, new Dictionary<string, string> { ["consumer.session.timeout.ms"] = "50000" }, ["consumer.session.timeout.ms"]));
        Assert.Equal(("50000", ConfigSource.GroupConfig), (entry.Value, entry.Source));
        Assert.Equal(
            [("consumer.session.timeout.ms", ConfigSource.GroupConfig), ("group.consumer.session.timeout.ms", ConfigSource.DefaultConfig)],
            entry.Synonyms.Select(s => (s.Name, s.Source)));
    }

    private static BrokerConfig WithProperties(params (string Key, string Value)[] properties)
    {
        var all = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["listeners"] = "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
            ["controller.listener.names"] = "CONTROLLER",
            ["controller.quorum.voters"] = "1@localhost:9093",
            ["log.dirs"] = "/tmp/logs",
        };
        foreach (var (key, value) in properties)
            all[key] = value;
        return BrokerConfig.Create(all);
    }
}
