using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
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
        .Define(new("rest.advertised.host.name", ConfigType.String) { Default = null, Documentation = "The host that other workers reach this one by." })
        .Define(new("rest.advertised.port", ConfigType.Int) { Default = null, Documentation = "The port that other workers reach this one by." })
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
        .Define(Partitions("status.storage", "5"));

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
    public static WorkerConfig Standalone(IReadOnlyDictionary<string, string> properties) => new(StandaloneKeys.Parse(properties), isDistributed: false);

    /// <summary>A distributed worker's configuration.</summary>
    /// <exception cref="ConfigException">A value is missing or not valid.</exception>
    public static WorkerConfig Distributed(IReadOnlyDictionary<string, string> properties) => new(DistributedKeys.Parse(properties), isDistributed: true);

    /// <summary>The configuration of a client: the worker's keys that clients know, then those below a prefix, then <paramref name="own"/>.</summary>
    public Dictionary<string, string> Client(ConfigDefinition definition, string prefix, IReadOnlyDictionary<string, string> own)
    {
        var all = Values.Originals.Where(pair => definition.Contains(pair.Key) && pair.Key != "group.id").ToDictionary();
        foreach (var (name, value) in TransformationChain.Below(Values.Originals, prefix)) all[name] = value;
        foreach (var (name, value) in own) all[name] = value;
        return all;
    }

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
