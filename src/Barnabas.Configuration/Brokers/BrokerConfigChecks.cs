
namespace Barnabas.Configuration.Brokers;

/// <summary>What must hold between keys, with Kafka's texts.</summary>
internal static class BrokerConfigChecks
{
    private const string Names = "controller.listener.names";

    public static void Check(BrokerConfig config)
    {
        CheckLogs(config);
        CheckReplication(config);
        CheckQuorum(config);
        CheckListeners(config);
        CheckNetwork(config);
        CheckGroups(config);
        CheckClasses(config);
    }

    private static void CheckLogs(BrokerConfig config)
    {
        Require(config.LogRollMs >= 1, "log.roll.ms must be greater than or equal to 1");
        Require(config.LogRollJitterMs >= 0, "log.roll.jitter.ms must be greater than or equal to 0");
        Require(config.LogRetentionMs is >= 1 or -1, "log.retention.ms must be unlimited (-1) or, greater than or equal to 1");
        var cordoned = config.GetList("cordoned.log.dirs");
        if (cordoned.Contains("*"))
        {
            Require(cordoned.Count == 1, "When cordoned.log.dirs is set to *, it must not contain other values");
        }
        else
        {
            var missing = cordoned.Except(config.LogDirs).ToList();
            Require(missing.Count == 0, $"All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : {string.Join(", ", missing)}");
        }

        const long minDedupeBufferBytes = 1024 * 1024;
        Require(config.GetLong("log.cleaner.dedupe.buffer.size") / config.GetInt("log.cleaner.threads") > minDedupeBufferBytes,
            "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.");
        foreach (var key in (string[])["offsets.topic.compression.codec", "share.coordinator.state.topic.compression.codec"])
            if (config.GetInt(key) is < 0 or > 4)
                throw new ConfigException($"Unknown compression type id: {config.GetInt(key)}");
    }

    private static void CheckReplication(BrokerConfig config)
    {
        Require(config.GetInt("replica.fetch.wait.max.ms") <= config.GetInt("replica.socket.timeout.ms"),
            "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts");
        Require(config.GetLong("replica.fetch.wait.max.ms") <= config.GetLong("replica.lag.time.max.ms"),
            "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR");
    }

    private static void CheckQuorum(BrokerConfig config)
    {
        if (config.QuorumVoters.Count == 0 && config.QuorumBootstrapServers.Count == 0 && !config.IsZooKeeperEra)
            throw new ConfigException("If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap controllers or controller.quorum.voters must contain a parseable set of controllers.");
        if (config.QuorumVoters.Count == 0)
            return;
        var isVoter = config.QuorumVoters.Any(voter => voter.Id == config.NodeId);
        var voters = $"controller.quorum.voters=Set({string.Join(", ", config.QuorumVoters.Select(voter => voter.Id).Distinct())})";
        if (config.IsController)
            Require(isVoter, $"If process.roles contains the 'controller' role, the node id {config.NodeId} must be included in the set of voters {voters}");
        else
            Require(!isVoter, $"If process.roles contains just the 'broker' role, the node id {config.NodeId} must not be included in the set of voters {voters}");
    }

    private static void CheckListeners(BrokerConfig config)
    {
        if (!config.IsController)
        {
            Require(config.ControllerListeners.Count == 0, $"{Names} must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role");
            foreach (var name in config.ControllerListenerNames)
                if (!config.ListenerSecurityProtocolMap.ContainsKey(name))
                    throw new ConfigException($"Controller listener with name {name} defined in {Names} not found in listener.security.protocol.map  (an explicit security mapping for each controller listener is required if listener.security.protocol.map is non-empty, or if there are security protocols other than PLAINTEXT in use)");
        }
        else
        {
            if (!config.IsBroker)
                Require(config.AdvertisedControllerListeners.Count == config.Listeners.Count,
                    $"The listeners config must only contain KRaft controller listeners from {Names} when process.roles=controller");
            Require(config.ControllerListeners.Count > 0,
                $"{Names} must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role");
        }

        if (config.IsBroker)
            CheckBrokerListeners(config);
        Require(config.AdvertisedBrokerListeners.Concat(config.AdvertisedControllerListeners).All(endpoint => endpoint.Host != "0.0.0.0"),
            "advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.");
        foreach (var name in config.GetList("early.start.listeners").Select(name => name.ToUpperInvariant()))
            if (config.Listeners.All(listener => listener.ListenerName != name) && !config.ControllerListenerNames.Contains(name))
                throw new ConfigException($"early.start.listeners contains listener {name}, but this is not contained in listeners or {Names}");
    }

    private static void CheckBrokerListeners(BrokerConfig config)
    {
        Require(config.AdvertisedBrokerListeners.Count > 0, $"There must be at least one broker advertised listener. Perhaps all listeners appear in {Names}?");
        var advertised = config.AdvertisedBrokerListeners.Select(endpoint => endpoint.ListenerName).Distinct().ToList();
        var listeners = config.Listeners.Select(endpoint => endpoint.ListenerName).ToList();
        Require(advertised.Contains(config.InterBrokerListenerName),
            $"inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are {string.Join(',', advertised)}");
        Require(advertised.TrueForAll(listeners.Contains),
            $"advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found {string.Join(',', advertised)}. The valid options based on the current configuration are {string.Join(',', listeners)}");
    }

    private static void CheckNetwork(BrokerConfig config)
    {
        var protocol = config.ListenerSecurityProtocolMap[config.InterBrokerListenerName];
        Require(protocol is not (SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl)
                || config.GetList("sasl.enabled.mechanisms").Contains(config.GetString("sasl.mechanism.inter.broker.protocol")),
            "sasl.mechanism.inter.broker.protocol must be included in sasl.enabled.mechanisms when SASL is used for inter-broker communication");
        var queued = config.GetLong("queued.max.request.bytes");
        Require(queued <= 0 || queued >= config.SocketRequestMaxBytes, "queued.max.request.bytes must be larger or equal to socket.request.max.bytes");
        var overrides = config.MaxConnectionsPerIpOverrides;
        Require(config.GetInt("max.connections.per.ip") != 0 || overrides.Count > 0,
            "max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set.");
        var invalid = overrides.Keys.Where(address => !HostAndPort.IsHost(address)).ToList();
        if (invalid.Count > 0)
            throw new ConfigException($"max.connections.per.ip.overrides contains invalid addresses : {string.Join(',', invalid)}");
        var idle = config.GetLong("connections.max.idle.ms");
        var delay = config.GetInt("connection.failed.authentication.delay.ms");
        Require(idle < 0 || delay < idle,
            $"connection.failed.authentication.delay.ms={delay} should always be less than connections.max.idle.ms={idle} to prevent failed authentication responses from timing out");
    }

    private static void CheckGroups(BrokerConfig config)
    {
        if (!config.GetList("group.coordinator.rebalance.protocols").Contains("classic"))
            throw new ConfigException("Disabling the 'classic' protocol is not supported.");
        foreach (var kind in (string[])["consumer", "share", "streams"])
            foreach (var what in (string[])["heartbeat.interval", "session.timeout"])
                CheckBounds(config, $"group.{kind}.min.{what}.ms", $"group.{kind}.{what}.ms", $"group.{kind}.max.{what}.ms");
    }

    // To start without a policy that was asked for would allow what it forbids.
    private static void CheckClasses(BrokerConfig config)
    {
        foreach (var key in (string[])["create.topic.policy.class.name", "alter.config.policy.class.name", "client.quota.callback.class"])
            if (config.GetOptionalString(key) is { Length: > 0 } name)
                throw new ConfigException(key, name, $"Class {name} could not be found.");
    }

    private static void CheckBounds(BrokerConfig config, string minimum, string key, string maximum)
    {
        var (low, value, high) = (config.GetInt(minimum), config.GetInt(key), config.GetInt(maximum));
        if (high < low)
            throw new ConfigException($"{maximum} must be greater than or equal to {minimum}");
        if (value < low)
            throw new ConfigException($"{key} must be greater than or equal to {minimum}");
        if (value > high)
            throw new ConfigException($"{key} must be less than or equal to {maximum}");
    }

    private static void Require(bool holds, string text)
    {
        if (!holds)
            throw new ConfigException("requirement failed: " + text);
    }
}
