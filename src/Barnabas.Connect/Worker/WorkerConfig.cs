using Barnabas.Configuration;
using Barnabas.Configuration.Providers;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Rest;
using Barnabas.Connect.Transforms;

namespace Barnabas.Connect.Worker;

/// <summary>A worker's configuration. Immutable.</summary>
public sealed class WorkerConfig
{
    private static readonly ConfigDef Common = new ConfigDef()
        .Define(new("bootstrap.servers", ConfigType.List) { Importance = ConfigImportance.High, Documentation = "The Kafka cluster's addresses." })
        .Define(new("key.converter", ConfigType.Class) { Importance = ConfigImportance.High, Documentation = "What turns keys into bytes and back." })
        .Define(new("value.converter", ConfigType.Class) { Importance = ConfigImportance.High, Documentation = "What turns values into bytes and back." })
        .Define(new("header.converter", ConfigType.Class) { Default = "org.apache.kafka.connect.storage.SimpleHeaderConverter", Documentation = "What turns headers into bytes and back." })
        .Define(new("offset.flush.interval.ms", ConfigType.Long) { Default = "60000", Documentation = "How often offsets are committed." })
        .Define(new("offset.flush.timeout.ms", ConfigType.Long) { Default = "5000", Documentation = "How long a commit of offsets may take." })
        .Define(new("task.shutdown.graceful.timeout.ms", ConfigType.Long) { Default = "5000", Documentation = "How long tasks may take to stop." })
        .Define(new("listeners", ConfigType.List) { Default = "http://:8083", Documentation = "Where the REST API listens." })
        .Define(new("admin.listeners", ConfigType.List) { Default = null, Importance = ConfigImportance.Low, Documentation = "Where /admin is answered instead; nowhere where it is empty." })
        .Define(new(CrossOrigin.OriginsKey, ConfigType.String) { Default = "", Importance = ConfigImportance.Low, Documentation = "The origins of web pages that may use the REST API from a browser: * for all, or regular expressions." })
        .Define(new(CrossOrigin.MethodsKey, ConfigType.String) { Default = "", Importance = ConfigImportance.Low, Documentation = "The methods that such pages may use; GET, POST and HEAD where it is empty." })
        .Define(new(ResponseHeaders.Key, ConfigType.String) { Default = "", Importance = ConfigImportance.Low, Documentation = "Headers of all answers, as rules: set NAME: VALUE, add, setDate and addDate (milliseconds from now)." })
        .Define(new(BasicAuthentication.ExtensionsKey, ConfigType.List) { Default = "", Importance = ConfigImportance.Low, Documentation = "Kafka Connect's BasicAuthSecurityRestExtension, where users of the REST API need a name and a password." })
        .Define(new(BasicAuthentication.LoginKey, ConfigType.Password) { Default = null, Importance = ConfigImportance.Low, Documentation = "The login that names the file of these users; usually the entry KafkaConnect of the login file." })
        .Define(new(ClientOverridePolicy.Key, ConfigType.String) { Default = "All", Documentation = "Which settings of their clients connectors may change: All, Allowlist, None or Principal." })
        .Define(new(ClientOverridePolicy.AllowlistKey, ConfigType.List) { Default = "", Documentation = "The settings that the policy Allowlist allows." })
        .Define(new("rest.advertised.host.name", ConfigType.String) { Default = null, Documentation = "The host that other workers reach this one by." })
        .Define(new("rest.advertised.port", ConfigType.Int) { Default = null, Documentation = "The port that other workers reach this one by." })
        .Define(new("rest.advertised.listener", ConfigType.String) { Default = null, Importance = ConfigImportance.Low, Documentation = "The kind of listener that other workers reach this one by." })
        .Define(new("plugin.path", ConfigType.List) { Default = null, Documentation = "Folders with connectors as .NET assemblies; folders of Java archives are noted in one log line." })
        .Define(new("config.providers", ConfigType.List) { Default = "", Documentation = "Aliases of what resolves ${provider:path:key}." })
        .Define(new("topic.creation.enable", ConfigType.Boolean) { Default = "true", Documentation = "Whether source connectors may name settings for topics they create." })
        .Define(new("topic.tracking.enable", ConfigType.Boolean) { Default = "true", Documentation = "Whether the topics that connectors use are noted." })
        .Define(new("topic.tracking.allow.reset", ConfigType.Boolean) { Default = "true", Documentation = "Whether these notes can be taken back by the REST API." });

    private static readonly ConfigDef StandaloneKeys = new ConfigDef().Embed(Common)
        .Define(new("offset.storage.file.filename", ConfigType.String) { Importance = ConfigImportance.High, Documentation = "The file for source offsets." });

    private static readonly ConfigDef DistributedKeys = new ConfigDef().Embed(Common)
        .Define(new("group.id", ConfigType.String) { Importance = ConfigImportance.High, Documentation = "The name of the cluster of workers." })
        .Define(Topic("offset.storage", "source offsets"))
        .Define(Topic("config.storage", "configurations"))
        .Define(Topic("status.storage", "states"))
        .Define(Replication("offset.storage"))
        .Define(Replication("config.storage"))
        .Define(Replication("status.storage"))
        .Define(Partitions("offset.storage", "25"))
        .Define(Partitions("status.storage", "5"))
        .Define(new("session.timeout.ms", ConfigType.Int) { Default = "10000", Importance = ConfigImportance.High, Documentation = "Without a heartbeat for as long, a worker counts as gone." })
        .Define(new("rebalance.timeout.ms", ConfigType.Int) { Default = "60000", Importance = ConfigImportance.High, Documentation = "How long workers have to join again once a rebalance has begun." })
        .Define(new("heartbeat.interval.ms", ConfigType.Int) { Default = "3000", Importance = ConfigImportance.High, Documentation = "The time between heartbeats." })
        .Define(new("worker.sync.timeout.ms", ConfigType.Int) { Default = "3000", Documentation = "How long a worker may take to read the newest configuration." })
        .Define(new("worker.unsync.backoff.ms", ConfigType.Int) { Default = "300000", Documentation = "How long a worker that cannot stays out of the group." })
        .Define(new("connect.protocol", ConfigType.String) { Default = "sessioned", Importance = ConfigImportance.Low, Validator = ConfigValidators.OneOfIgnoringCase("eager", "compatible", "sessioned"), Documentation = "The best protocol that the worker speaks with others: eager, compatible or sessioned." })
        .Define(new("scheduled.rebalance.max.delay.ms", ConfigType.Int) { Default = "300000", Importance = ConfigImportance.Low, Validator = ConfigValidators.AtLeast("0"), Documentation = "How long the work of a worker that is gone waits for its return." })
        .Define(new("inter.worker.key.generation.algorithm", ConfigType.String) { Default = "HmacSHA256", Importance = ConfigImportance.Low, Validator = HmacNames(), Documentation = "What keys for requests between workers are made for." })
        .Define(new("inter.worker.key.size", ConfigType.Int) { Default = null, Importance = ConfigImportance.Low, Documentation = "The size of such a key in bits; the algorithm's own where it is not given." })
        .Define(new("inter.worker.key.ttl.ms", ConfigType.Int) { Default = "3600000", Importance = ConfigImportance.Low, Validator = ConfigValidators.AtLeast("0"), Documentation = "How long such a key is used." })
        .Define(new("inter.worker.signature.algorithm", ConfigType.String) { Default = "HmacSHA256", Importance = ConfigImportance.Low, Validator = HmacNames(), Documentation = "How requests between workers are signed." })
        .Define(new("inter.worker.verification.algorithms", ConfigType.List) { Default = "HmacSHA256", Importance = ConfigImportance.Low, Documentation = "The signatures that are accepted." })
        .Define(new("exactly.once.source.support", ConfigType.String) { Default = "disabled", Importance = ConfigImportance.High, Validator = ConfigValidators.OneOfIgnoringCase("disabled", "preparing", "enabled"), Documentation = "Whether source tasks write in transactions, and tasks of the past are fenced." });

    // The group of workers is not that of a sink's consumers, and variables are replaced before clients get their values.
    private static readonly HashSet<string> OfTheWorker = ["group.id", "session.timeout.ms", "heartbeat.interval.ms", ConfigVariables.Key];

    private WorkerConfig(ConfigValues values, bool isDistributed)
    {
        Values = values;
        IsDistributed = isDistributed;
    }

    /// <summary>The parsed values; <see cref="ConfigValues.Originals"/> has the clients' keys too.</summary>
    public ConfigValues Values { get; }

    /// <summary>Whether connectors live in topics rather than in this process.</summary>
    public bool IsDistributed { get; }

    /// <summary>A standalone worker's configuration.</summary>
    /// <exception cref="ConfigException">A value is missing or not valid.</exception>
    public static WorkerConfig Standalone(IReadOnlyDictionary<string, string> properties) => new(StandaloneKeys.Parse(ConfigVariables.ResolveIn(properties)), isDistributed: false);

    /// <summary>A distributed worker's configuration.</summary>
    /// <exception cref="ConfigException">A value is missing or not valid.</exception>
    public static WorkerConfig Distributed(IReadOnlyDictionary<string, string> properties) => new(DistributedKeys.Parse(ConfigVariables.ResolveIn(properties)), isDistributed: true);

    /// <summary>The configuration of a client: what is usual here, the worker's keys that clients know, then those below a prefix, then <paramref name="own"/>.</summary>
    public Dictionary<string, string> Client(ConfigDefinition definition, string prefix, IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string>? usual = null)
    {
        var all = usual is null ? [] : usual.ToDictionary();
        foreach (var (name, value) in Values.Originals.Where(pair => definition.Contains(pair.Key) && !OfTheWorker.Contains(pair.Key))) all[name] = value;
        foreach (var (name, value) in TransformationChain.Below(Values.Originals, prefix)) all[name] = value;
        foreach (var (name, value) in own) all[name] = value;
        return all;
    }

    /// <summary>Whether source tasks write in transactions.</summary>
    public bool IsExactlyOnce => IsDistributed && Values.GetString("exactly.once.source.support").Equals("enabled", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the leader writes the configuration topic in transactions.</summary>
    public bool HasTransactionalLeader => IsDistributed && !Values.GetString("exactly.once.source.support").Equals("disabled", StringComparison.OrdinalIgnoreCase);

    private static ConfigValidator HmacNames() => ConfigValidators.OneOf([.. Barnabas.Connect.Distributed.Hmac.Names]);

    private static ConnectKey Topic(string prefix, string what) => new(prefix + ".topic", ConfigType.String)
    {
        Importance = ConfigImportance.High,
        Validator = ConfigValidators.NonEmptyText,
        Documentation = $"The topic for {what}.",
    };

    private static ConnectKey Replication(string prefix) => new(prefix + ".replication.factor", ConfigType.Short)
    {
        Default = "3",
        Importance = ConfigImportance.Low,
        Documentation = "The replication factor of that topic where it is created; -1 for the cluster's default.",
    };

    private static ConnectKey Partitions(string prefix, string standard) => new(prefix + ".partitions", ConfigType.Int)
    {
        Default = standard,
        Importance = ConfigImportance.Low,
        Documentation = "The number of partitions of that topic where it is created; -1 for the cluster's default.",
    };
}
