namespace Barnabas.Configuration.Tests;

public sealed class ConfigDefinitionTests
{
    [Theory]
    [InlineData("num.partitions", "0", "Invalid value 0 for configuration num.partitions: Value must be at least 1")]
    [InlineData("num.partitions", "x", "Invalid value x for configuration num.partitions: Not a number of type INT")]
    [InlineData("num.partitions", "", "Invalid value  for configuration num.partitions: Not a number of type INT")]
    [InlineData("num.partitions", "99999999999", "Invalid value 99999999999 for configuration num.partitions: Not a number of type INT")]
    [InlineData("offsets.topic.replication.factor", "70000", "Invalid value 70000 for configuration offsets.topic.replication.factor: Not a number of type SHORT")]
    [InlineData("delete.topic.enable", "x", "Invalid value x for configuration delete.topic.enable: Expected value to be either true or false")]
    [InlineData("log.cleaner.min.cleanable.ratio", "2", "Invalid value 2.0 for configuration log.cleaner.min.cleanable.ratio: Value must be no more than 1")]
    [InlineData("log.cleaner.min.cleanable.ratio", "a", "Invalid value a for configuration log.cleaner.min.cleanable.ratio: Not a number of type DOUBLE")]
    [InlineData("compression.type", "x", "Invalid value x for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer")]
    [InlineData("compression.gzip.level", "0", "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1")]
    [InlineData("group.consumer.migration.policy", "x", "Invalid value x for configuration group.consumer.migration.policy: String must be one of (case insensitive): DISABLED, DOWNGRADE, UPGRADE, BIDIRECTIONAL")]
    [InlineData("log.cleanup.policy", "foo", "Invalid value foo for configuration log.cleanup.policy: String must be one of: compact, delete")]
    [InlineData("process.roles", "", "Configuration 'process.roles' must not be empty. Valid values include: [broker, controller]")]
    [InlineData("listeners", "", "Configuration 'listeners' must not be empty. Valid values include: any non-empty value")]
    [InlineData("cordoned.log.dirs", "a,,b", "Configuration 'cordoned.log.dirs' values must not be empty.")]
    [InlineData("authorizer.class.name", null, "Invalid value null for configuration authorizer.class.name: entry must be non null")]
    [InlineData("remote.log.metadata.manager.class.name", "", "Invalid value  for configuration remote.log.metadata.manager.class.name: String must be non-empty")]
    [InlineData("controller.quorum.voters", "x", "Invalid configuration value for controller.quorum.voters. Each entry should be in the form `{id}@{host}:{port}`.")]
    [InlineData("controller.quorum.voters", "1@localhost", "Failed to parse host name from entry 1@localhost for the configuration controller.quorum.voters. Each entry should be in the form `{id}@{host}:{port}`.")]
    [InlineData("controller.quorum.bootstrap.servers", "x", "Failed to parse host name from x for the configuration controller.quorum.bootstrap.servers. Each entry should be in the form \"{host}:{port}\"")]
    public void A_broker_value_that_is_not_valid_is_refused_with_Kafkas_text(string name, string? value, string text) =>
        Assert.Equal(text, Assert.Throws<ConfigException>(() => ConfigDefinitions.Broker.Validate(name, value)).Message);

    [Theory]
    [InlineData("retention.ms", "-2", "Invalid value -2 for configuration retention.ms: Value must be at least -1")]
    [InlineData("cleanup.policy", "x,delete", "Invalid value x for configuration cleanup.policy: String must be one of: compact, delete")]
    [InlineData("leader.replication.throttled.replicas", "x", "Invalid value [x] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...")]
    public void A_topic_value_that_is_not_valid_is_refused_with_Kafkas_text(string name, string value, string text) =>
        Assert.Equal(text, Assert.Throws<ConfigException>(() => ConfigDefinitions.Topic.Validate(name, value)).Message);

    [Theory]
    [InlineData("auto.offset.reset", "x", "Invalid value x for configuration auto.offset.reset: Invalid value `x` for configuration auto.offset.reset. The value must be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.")]
    [InlineData("auto.offset.reset", "by_duration:-PT1S", "Invalid value by_duration:-PT1S for configuration auto.offset.reset: Invalid value `by_duration:-PT1S` for configuration auto.offset.reset. The value must be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.")]
    [InlineData("share.acquire.mode", "x", "Invalid value x for configuration share.acquire.mode: Invalid value `x` for configuration share.acquire.mode. The value must either be 'batch_optimized' or 'record_limit'.")]
    [InlineData("group.protocol", "x", "Invalid value x for configuration group.protocol: String must be one of (case insensitive): CONSUMER, CLASSIC")]
    public void A_consumer_value_that_is_not_valid_is_refused_with_Kafkas_text(string name, string value, string text) =>
        Assert.Equal(text, Assert.Throws<ConfigException>(() => ConfigDefinitions.Consumer.Validate(name, value)).Message);

    [Theory]
    [InlineData("log.cleaner.min.cleanable.ratio", "0.5d", 0.5)]
    [InlineData("num.partitions", " +3 ", 3)]
    [InlineData("delete.topic.enable", "TRUE", true)]
    [InlineData("compression.gzip.level", "-1", -1)]
    [InlineData("broker.rack", " a ", "a")]
    public void A_valid_value_is_parsed(string name, string value, object expected) =>
        Assert.Equal(expected, ConfigDefinitions.Broker.Validate(name, value));

    [Fact]
    public void A_list_loses_its_duplicates() =>
        Assert.Equal(["delete", "compact"], (IReadOnlyList<string>)ConfigDefinitions.Broker.Validate("log.cleanup.policy", "delete , compact,delete")!);

    public static TheoryData<string, int> Tables() => new()
    {
        { "broker", 340 }, { "topic", 33 }, { "group", 17 }, { "client-metrics", 3 }, { "quota", 9 }, { "producer", 113 }, { "consumer", 115 }, { "admin", 91 },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_key_of_a_table_has_a_valid_default_and_a_sentence(string table, int publicKeys)
    {
        var definition = ConfigTable.Load(table);
        Assert.Equal(publicKeys, definition.Keys.Count(key => !key.IsInternal));
        foreach (var key in definition.Keys)
        {
            if (key.HasDefault)
                key.Parse(key.Default);
            Assert.True(key.Documentation.Length > 10 && key.Documentation.EndsWith('.') && !key.Documentation.Contains('|'), key.Name);
        }
    }

    [Fact]
    public void A_required_key_that_is_missing_is_named() =>
        Assert.Equal("Missing required configuration \"bootstrap.servers\" which has no default value.",
            Assert.Throws<ConfigException>(() => ConfigDefinitions.Producer.ValidateAll(new Dictionary<string, string>())).Message);

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(2, "2.0")]
    [InlineData(1.7976931348623157E308, "1.7976931348623157E308")]
    [InlineData(0.0001, "1.0E-4")]
    [InlineData(12345678, "1.2345678E7")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(-0.001, "-0.001")]
    public void A_double_is_written_as_Java_writes_it(double value, string text) =>
        Assert.Equal(text, Validation.JavaDouble.ToText(value));
}
