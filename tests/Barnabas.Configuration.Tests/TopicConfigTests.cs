using Barnabas.Configuration.Topics;

namespace Barnabas.Configuration.Tests;

public sealed class TopicConfigTests
{
    [Fact]
    public void A_topic_takes_its_own_value_then_the_brokers()
    {
        var broker = BrokerConfigTests.Create("log.retention.hours=1\nmessage.max.bytes=77");
        var config = TopicConfig.Resolve(broker, BrokerConfigTests.Map("max.message.bytes=5"));
        Assert.Equal(5, config.GetInt("max.message.bytes"));
        Assert.Equal(3_600_000, config.GetLong("retention.ms"));
        Assert.Equal(77, TopicConfig.Resolve(broker, BrokerConfigTests.Map("")).GetInt("max.message.bytes"));
    }

    [Fact]
    public void DescribeConfigs_lists_the_topics_value_and_then_the_brokers_places()
    {
        var broker = BrokerConfigTests.Create("message.max.bytes=77");
        var entry = Assert.Single(TopicConfigDescriber.Describe(broker, BrokerConfigTests.Map("max.message.bytes=5"), ["max.message.bytes"]));
        Assert.Equal("5", entry.Value);
        Assert.Equal(ConfigSource.DynamicTopicConfig, entry.Source);
        Assert.Equal(
            [new ConfigSynonym("max.message.bytes", "5", ConfigSource.DynamicTopicConfig),
             new ConfigSynonym("message.max.bytes", "77", ConfigSource.StaticBrokerConfig),
             new ConfigSynonym("message.max.bytes", "1048588", ConfigSource.DefaultConfig)],
            entry.Synonyms);
    }

    [Fact]
    public void The_default_retention_has_no_synonyms_because_the_brokers_default_is_in_hours()
    {
        var entry = Assert.Single(TopicConfigDescriber.Describe(BrokerConfigTests.Create(""), BrokerConfigTests.Map(""), ["retention.ms"]));
        Assert.Equal("604800000", entry.Value);
        Assert.Equal(ConfigSource.DefaultConfig, entry.Source);
        Assert.Empty(entry.Synonyms);
    }

    [Fact]
    public void What_a_controller_answers_counts_hours_as_milliseconds()
    {
        var effective = TopicConfigDescriber.ResolveEffective(BrokerConfigTests.Create("log.retention.hours=2"), BrokerConfigTests.Map(""));
        var entry = Assert.Single(effective, config => config.Name == "retention.ms");
        Assert.Equal(("7200000", ConfigSource.StaticBrokerConfig), (entry.Value, entry.Source));
    }

    [Theory]
    [InlineData("foo=1", "Unknown topic config name: foo")]
    [InlineData("segment.bytes=1", "Invalid value 1 for configuration segment.bytes: Value must be at least 1048576")]
    [InlineData("min.compaction.lag.ms=5\nmax.compaction.lag.ms=4", "conflict topic config setting min.compaction.lag.ms (5) > max.compaction.lag.ms (4)")]
    public void What_is_not_valid_for_a_topic_is_refused_with_Kafkas_text(string lines, string text) =>
        Assert.Equal(text, Assert.Throws<ConfigException>(() => TopicConfig.Validate(BrokerConfigTests.Map(lines))).Message);
}
