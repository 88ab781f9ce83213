using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Client.Consumer;
using Barnabas.Client.Groups;
using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Client.Producer;
using Barnabas.Configuration;
using Barnabas.Configuration.Providers;
using Barnabas.Connect.Config;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Worker;
using Barnabas.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect;

/// <summary>Makes the parts of a worker from its configuration.</summary>
internal sealed class NodeParts(WorkerConfig config, ClientEnvironment environment, WorkerAddress address, TlsContext? tls)
{
    public static AdminClientOptions AdminOptions(WorkerConfig config) => AdminClientOptions.Parse(config.Client(ConfigDefinitions.Admin, "", new Dictionary<string, string>()));

    /// <exception cref="ConfigException">A value is not valid.</exception>
    public Herder CreateHerder(PluginCatalog plugins, ILoggerLevels loggers, ILogger logger, out WorkerClient? others)
    {
        var options = new HerderOptions
        {
            WorkerId = address.Id,
            Time = environment.Time,
            Variables = ConfigVariables.Of(config.Values.Originals),
            TracksTopics = config.Values.GetBoolean("topic.tracking.enable"),
            AllowsTopicReset = config.Values.GetBoolean("topic.tracking.allow.reset"),
            IsExactlyOnce = config.IsExactlyOnce,
            Signing = config.IsDistributed ? Signing() : null,
            Loggers = loggers,
        };
        if (!config.IsDistributed)
        {
            others = null;
            var file = new FileOffsetStore(config.Values.GetString("offset.storage.file.filename"));
            return new Herder(plugins, new MemoryConfigStore(), new MemoryStatusStore(), file, new ConnectWorker(config, plugins, file, environment), new SingleWorker(), null, options, logger);
        }

        others = new WorkerClient(tls);
        var configs = new KafkaConfigStore(Topic(config.Values.GetString("config.storage.topic"), "config.storage", 1), LeaderProducer(), environment);
        var status = new KafkaStatusStore(Topic(config.Values.GetString("status.storage.topic"), "status.storage", config.Values.GetInt("status.storage.partitions")), environment);
        var offsets = new KafkaOffsetStore(OffsetTopic(config, config.Values.GetString("offset.storage.topic")), environment);
        return new Herder(plugins, configs, status, offsets, new ConnectWorker(config, plugins, offsets, environment), Group(configs, logger), others, options, logger);
    }

    /// <summary>A topic for source offsets.</summary>
    public static KafkaLogOptions OffsetTopic(WorkerConfig config, string topic) => Topic(config, topic, "offset.storage", config.Values.GetInt("offset.storage.partitions"));

    private KafkaLogOptions Topic(string topic, string prefix, int partitions) => Topic(config, topic, prefix, partitions);

    // With transactions about, what was aborted does not count.
    private static KafkaLogOptions Topic(WorkerConfig config, string topic, string prefix, int partitions) => new(
        new NewTopic
        {
            Name = topic,
            PartitionCount = partitions,
            ReplicationFactor = config.Values.GetShort(prefix + ".replication.factor"),
            Configs = new Dictionary<string, string?> { ["cleanup.policy"] = "compact" },
        },
        ProducerOptions.Parse(config.Client(ConfigDefinitions.Producer, "", new Dictionary<string, string> { ["acks"] = "all", ["max.in.flight.requests.per.connection"] = "1", ["delivery.timeout.ms"] = "2147483647" })),
        ConsumerOptions.Parse(config.Client(ConfigDefinitions.Consumer, "", new Dictionary<string, string>
        {
            ["enable.auto.commit"] = "false",
            ["auto.offset.reset"] = "earliest",
            ["isolation.level"] = config.HasTransactionalLeader ? "read_committed" : "read_uncommitted",
        })),
        AdminOptions(config));

    private ProducerOptions? LeaderProducer() => !config.HasTransactionalLeader ? null : ProducerOptions.Parse(config.Client(ConfigDefinitions.Producer, "", new Dictionary<string, string>
    {
        ["client.id"] = $"connect-cluster-{config.Values.GetString("group.id")}-configs-leader",
        ["acks"] = "all",
        ["enable.idempotence"] = "true",
        ["transactional.id"] = "connect-cluster-" + config.Values.GetString("group.id"),
    }));

    private WorkerCoordinator Group(IConfigStore configs, ILogger logger)
    {
        var values = config.Values;
        var client = AdminClientOptions.Parse(config.Client(ConfigDefinitions.Admin, "", new Dictionary<string, string> { ["client.id"] = "connect-" + address.Id }));
        var options = new WorkerGroupOptions
        {
            Group = new ClassicGroupOptions
            {
                GroupId = values.GetString("group.id"),
                SessionTimeout = values.GetMilliseconds("session.timeout.ms"),
                RebalanceTimeout = values.GetMilliseconds("rebalance.timeout.ms"),
                HeartbeatInterval = values.GetMilliseconds("heartbeat.interval.ms"),
            },
            Url = address.Url,
            Protocol = values.GetString("connect.protocol").ToLowerInvariant() switch { "eager" => ConnectProtocol.Eager, "compatible" => ConnectProtocol.Compatible, _ => ConnectProtocol.Sessioned },
            MaxDelayMs = values.GetInt("scheduled.rebalance.max.delay.ms"),
            SyncTimeout = values.GetMilliseconds("worker.sync.timeout.ms"),
            UnsyncBackoff = values.GetMilliseconds("worker.unsync.backoff.ms"),
        };
        return new WorkerCoordinator(options, new ClusterClient(client, new ClusterMetadataOptions { AllowAutoTopicCreation = false }, environment), configs, logger);
    }

    private SigningOptions Signing()
    {
        var values = config.Values;
        var algorithm = values.GetString("inter.worker.key.generation.algorithm");
        int? bits = values.IsGiven("inter.worker.key.size") ? values.GetInt("inter.worker.key.size") : null;
        _ = Hmac.KeyBytes(algorithm, bits);
        var accepted = values.GetList("inter.worker.verification.algorithms");
        var signature = values.GetString("inter.worker.signature.algorithm");
        if (!accepted.Contains(signature)) throw new ConfigException("inter.worker.verification.algorithms", string.Join(",", accepted), "Signature algorithm must be present in inter.worker.verification.algorithms list");
        return new SigningOptions(algorithm, bits, values.GetMilliseconds("inter.worker.key.ttl.ms"), signature, accepted);
    }
}
