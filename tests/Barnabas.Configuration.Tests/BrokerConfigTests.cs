using Barnabas.Configuration.Brokers;

namespace Barnabas.Configuration.Tests;

public sealed class BrokerConfigTests
{
    [Fact]
    public void Throttles_that_are_set_at_run_time_alone_are_shown_as_they_are()
    {
        var config = Create("node.id=1").WithDynamic(new Dictionary<string, string> { ["leader.replication.throttled.rate"] = "5", ["plugin.key"] = "x" }, new Dictionary<string, string>());

        var throttle = Assert.Single(BrokerConfigDescriber.Describe(config, ["leader.replication.throttled.rate"]));
        var plugin = Assert.Single(BrokerConfigDescriber.Describe(config, ["plugin.key"]));

        Assert.Equal(("5", false, false), (throttle.Value, throttle.IsReadOnly, throttle.IsSensitive));
        Assert.Equal((null, true, true), (plugin.Value, plugin.IsReadOnly, plugin.IsSensitive));
    }

    [Theory]
    [InlineData("listeners=foo", "Unable to parse a listener name from foo")]
    [InlineData("listeners=PLAINTEXT://localhost", "Error creating broker listeners from '[PLAINTEXT://localhost]': Unable to parse PLAINTEXT://localhost to a broker endpoint")]
    [InlineData("listeners=PLAINTEXT://localhost:9092,PLAINTEXT://localhost:9093", "Error creating broker listeners from '[PLAINTEXT://localhost:9092, PLAINTEXT://localhost:9093]': Each listener must have a different name, listeners: [PLAINTEXT://localhost:9092, PLAINTEXT://localhost:9093]")]
    [InlineData("listeners=A://localhost:9092,CONTROLLER://:9093", "Error creating broker listeners from '[A://localhost:9092, CONTROLLER://:9093]': No security protocol defined for listener A")]
    [InlineData("listeners=PLAINTEXT://localhost:9092", "requirement failed: controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role")]
    [InlineData("listeners=CONTROLLER://localhost:9092", "requirement failed: There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?")]
    [InlineData("listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9092", "Error creating broker listeners from '[PLAINTEXT://localhost:9092, CONTROLLER://localhost:9092]': Each listener must have a different port, listeners: [PLAINTEXT://localhost:9092, CONTROLLER://localhost:9092]")]
    [InlineData("listeners=PLAINTEXT://0.0.0.0:9092,CONTROLLER://:9093", "requirement failed: advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.")]
    [InlineData("advertised.listeners=EXTERNAL://a:9092", "Error creating broker listeners from '[EXTERNAL://a:9092]': No security protocol defined for listener EXTERNAL")]
    [InlineData("process.roles=broker", "requirement failed: controller.listener.names must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role")]
    [InlineData("process.roles=controller", "requirement failed: The listeners config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller")]
    [InlineData("broker.id=5", "You must set `node.id` to the same value as `broker.id`.")]
    [InlineData("node.id=-1", "Invalid value -1 for configuration node.id: Value must be at least 0")]
    [InlineData("controller.quorum.bootstrap.servers=", "If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap controllers or controller.quorum.voters must contain a parseable set of controllers.")]
    [InlineData("controller.quorum.voters=2@localhost:9093", "requirement failed: If process.roles contains the 'controller' role, the node id 1 must be included in the set of voters controller.quorum.voters=Set(2)")]
    [InlineData("listener.security.protocol.map=PLAINTEXT:FOO", "Invalid security protocol `FOO` defined in listener.security.protocol.map")]
    [InlineData("inter.broker.listener.name=X", "Listener with name X defined in inter.broker.listener.name not found in listener.security.protocol.map.")]
    [InlineData("security.inter.broker.protocol=SSL", "requirement failed: inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are PLAINTEXT")]
    [InlineData("log.retention.ms=0", "requirement failed: log.retention.ms must be unlimited (-1) or, greater than or equal to 1")]
    [InlineData("queued.max.request.bytes=5", "requirement failed: queued.max.request.bytes must be larger or equal to socket.request.max.bytes")]
    [InlineData("max.connections.per.ip=0", "requirement failed: max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.")]
    [InlineData("max.connections.per.ip.overrides=a b:1", "max.connections.per.ip.overrides contains invalid addresses : a b")]
    [InlineData("connections.max.idle.ms=50", "requirement failed: connection.failed.authentication.delay.ms=100 should always be less than connections.max.idle.ms=50 to prevent failed authentication responses from timing out")]
    [InlineData("group.consumer.heartbeat.interval.ms=50000", "group.consumer.heartbeat.interval.ms must be less than or equal to group.consumer.max.heartbeat.interval.ms")]
    [InlineData("group.consumer.min.session.timeout.ms=70000", "group.consumer.max.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms")]
    [InlineData("offsets.topic.compression.codec=9", "Unknown compression type id: 9")]
    [InlineData("cordoned.log.dirs=a", "requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : a")]
    [InlineData("replica.fetch.wait.max.ms=40000", "requirement failed: replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts")]
    [InlineData("replica.lag.time.max.ms=1", "requirement failed: replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR")]
    [InlineData("early.start.listeners=X", "early.start.listeners contains listener X, but this is not contained in listeners or controller.listener.names")]
    [InlineData("group.coordinator.rebalance.protocols=consumer", "Disabling the 'classic' protocol is not supported.")]
    [InlineData("create.topic.policy.class.name=org.example.Policy", "Invalid value org.example.Policy for configuration create.topic.policy.class.name: Class org.example.Policy could not be found.")]
    [InlineData("alter.config.policy.class.name=org.example.Policy", "Invalid value org.example.Policy for configuration alter.config.policy.class.name: Class org.example.Policy could not be found.")]
    [InlineData("client.quota.callback.class=org.example.Callback", "Invalid value org.example.Callback for configuration client.quota.callback.class: Class org.example.Callback could not be found.")]
    public void Values_that_do_not_go_together_are_refused_with_Kafkas_text(string line, string text) =>
        Assert.Equal(text, Assert.Throws<ConfigException>(() => Create(line)).Message);

    [Fact]
    public void A_combined_node_knows_its_addresses()
    {
        var config = Create("");
        Assert.Equal([new Endpoint("PLAINTEXT", SecurityProtocol.Plaintext, "localhost", 9092)], config.AdvertisedBrokerListeners);
        Assert.Equal([new Endpoint("CONTROLLER", SecurityProtocol.Plaintext, "localhost", 9093)], config.ControllerListeners);
        Assert.Equal(SecurityProtocol.Plaintext, config.ListenerSecurityProtocolMap["CONTROLLER"]);
        Assert.True(config.IsCombined);
        Assert.Equal("PLAINTEXT", config.InterBrokerListenerName);
    }

    [Fact]
    public void An_IPv4_and_an_IPv6_listener_may_share_a_port()
    {
        var config = Create("listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://[::1]:9092");
        Assert.Equal("::1", config.ControllerListeners[0].Host);
        Assert.Equal("CONTROLLER://[::1]:9092", config.ControllerListeners[0].ToString());
    }

    [Fact]
    public void A_file_of_the_ZooKeeper_era_starts_a_combined_node()
    {
        var config = BrokerConfig.Create(PropertiesFile.Parse("broker.id=0\nlog.dirs=/tmp/x\nzookeeper.connect=localhost:2181\nzookeeper.connection.timeout.ms=18000\n"));
        Assert.True(config.IsZooKeeperEra && config.IsCombined && config.FormatsEmptyDirectories);
        Assert.Equal(0, config.NodeId);
        Assert.Equal("PLAINTEXT://:9092", Assert.Single(config.BrokerListeners).ToString());
        Assert.Equal("CONTROLLER://localhost:0", Assert.Single(config.ControllerListeners).ToString());
        Assert.Equal(
            ["zookeeper.connect, zookeeper.connection.timeout.ms: ignored, the metadata quorum is built into this node",
             "process.roles is not set: node 0 runs as broker and controller in one"],
            config.Notes);
    }

    [Fact]
    public void Port_and_host_name_mean_a_listener()
    {
        var config = BrokerConfig.Create(PropertiesFile.Parse("broker.id=3\nport=9999\nhost.name=localhost\nadvertised.host.name=example.org\n"));
        Assert.Equal("PLAINTEXT://localhost:9999", Assert.Single(config.BrokerListeners).ToString());
        Assert.Equal("PLAINTEXT://example.org:9092", Assert.Single(config.AdvertisedBrokerListeners).ToString());
    }

    [Fact]
    public void The_smaller_unit_of_a_time_wins()
    {
        var config = Create("log.retention.hours=1\nlog.retention.minutes=5");
        Assert.Equal(300_000, config.LogRetentionMs);
        Assert.Equal(-1, Create("log.retention.ms=-7").LogRetentionMs);
    }

    [Fact]
    public void A_value_set_at_run_time_wins_over_the_file_and_that_of_the_broker_over_that_of_all()
    {
        var config = Create("message.max.bytes=5");
        Assert.Equal(5, config.GetInt("message.max.bytes"));
        var all = config.WithDynamic(Map(""), Map("message.max.bytes=6"));
        Assert.Equal(6, all.GetInt("message.max.bytes"));
        var both = config.WithDynamic(Map("message.max.bytes=7"), Map("message.max.bytes=6"));
        Assert.Equal(7, both.GetInt("message.max.bytes"));
        var entry = Assert.Single(BrokerConfigDescriber.Describe(both, ["message.max.bytes"]));
        Assert.Equal(
            [new ConfigSynonym("message.max.bytes", "7", ConfigSource.DynamicBrokerConfig),
             new ConfigSynonym("message.max.bytes", "6", ConfigSource.DynamicDefaultBrokerConfig),
             new ConfigSynonym("message.max.bytes", "5", ConfigSource.StaticBrokerConfig),
             new ConfigSynonym("message.max.bytes", "1048588", ConfigSource.DefaultConfig)],
            entry.Synonyms);
        Assert.Equal(ConfigSource.DynamicBrokerConfig, entry.Source);
        Assert.False(entry.IsReadOnly);
    }

    [Fact]
    public void A_key_in_no_table_is_kept_and_never_shown()
    {
        var entry = Assert.Single(BrokerConfigDescriber.Describe(Create("foo.secret=1"), ["foo.secret"]));
        Assert.True(entry.IsSensitive);
        Assert.Null(entry.Value);
        Assert.Null(Assert.Single(entry.Synonyms).Value);
    }

    internal static BrokerConfig Create(string lines)
    {
        var properties = PropertiesFile.Parse("process.roles=broker,controller\nnode.id=1\ncontroller.quorum.bootstrap.servers=localhost:9093\n"
            + "listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093\ncontroller.listener.names=CONTROLLER\n" + lines);
        return BrokerConfig.Create(properties);
    }

    internal static Dictionary<string, string> Map(string lines) => PropertiesFile.Parse(lines);
}
