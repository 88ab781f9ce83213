using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Config;

/// <summary>The keys that every connector has, with Kafka Connect's defaults.</summary>
public static class ConnectorKeys
{
    private const string Common = "Common";
    private const string Transforms = "Transforms";
    private const string Predicates = "Predicates";
    private const string ErrorHandling = "Error Handling";
    private const string TopicCreation = "Topic Creation";
    private const string ExactlyOnce = "Exactly Once Support";
    private const string OffsetsTopic = "offsets.topic";

    /// <summary>The keys of source connectors.</summary>
    public static ConfigDef Source { get; } = CommonKeys()
        .Define(Key("topic.creation.groups", ConfigType.List, "", TopicCreation, 1, "Topic Creation Groups", "Names of groups of topics that are created with settings of their own (topic.creation.NAME.*)."))
        .Define(Key("exactly.once.support", ConfigType.String, "requested", ExactlyOnce, 1, "Exactly once support", "Whether exactly-once delivery is wanted or demanded of the connector.") with { Validator = ConfigValidators.OneOfIgnoringCase("requested", "required"), Importance = ConfigImportance.Medium })
        .Define(Key("transaction.boundary", ConfigType.String, "poll", ExactlyOnce, 2, "Transaction Boundary", "Where transactions end with exactly-once delivery: after each poll, after an interval, or where the connector says.") with { Validator = ConfigValidators.OneOfIgnoringCase("poll", "interval", "connector"), Importance = ConfigImportance.Medium })
        .Define(Key("transaction.boundary.interval.ms", ConfigType.Long, null, ExactlyOnce, 3, "Transaction boundary interval", "The interval of transaction.boundary=interval."))
        .Define(Key("offsets.storage.topic", ConfigType.String, null, OffsetsTopic, 1, "Offsets topic", "A topic for this connector's offsets instead of the worker's."));

    /// <summary>The keys of sink connectors.</summary>
    public static ConfigDef Sink { get; } = CommonKeys()
        .Define(Key("topics", ConfigType.List, "", Common, 4, "Topics", "The topics to read.") with { Importance = ConfigImportance.High, Width = "LONG" })
        .Define(Key("topics.regex", ConfigType.String, "", Common, 4, "Topics regex", "A regular expression for the topics to read, instead of topics.") with { Importance = ConfigImportance.High, Width = "LONG", Validator = new JavaPatternValidator() })
        .Define(Key("errors.deadletterqueue.topic.name", ConfigType.String, "", ErrorHandling, 6, "Dead Letter Queue Topic Name", "The topic for records that failed; empty for none.") with { Importance = ConfigImportance.Medium })
        .Define(Key("errors.deadletterqueue.topic.replication.factor", ConfigType.Short, "3", ErrorHandling, 7, "Dead Letter Queue Topic Replication Factor", "The replication factor of that topic where it is created.") with { Importance = ConfigImportance.Medium })
        .Define(Key("errors.deadletterqueue.context.headers.enable", ConfigType.Boolean, "false", ErrorHandling, 8, "Enable Error Context Headers", "Whether dead letters carry headers that tell where and why they failed.") with { Importance = ConfigImportance.Medium });

    private static ConfigDef CommonKeys() => new ConfigDef()
        .Define(new("name", ConfigType.String) { Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.High, Group = Common, Order = 1, Width = "MEDIUM", DisplayName = "Connector name", Documentation = "The connector's name, unique in the cluster of workers." })
        .Define(new("connector.class", ConfigType.String) { Importance = ConfigImportance.High, Group = Common, Order = 2, Width = "LONG", DisplayName = "Connector class", Documentation = "The kind of connector: its class, or a part of that which means no other." })
        .Define(Key("connector.plugin.version", ConfigType.String, null, Common, 3, "Connector version", "The version of the connector, where there are several."))
        .Define(Key("tasks.max", ConfigType.Int, "1", Common, 3, "Tasks max", "The largest number of tasks.") with { Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.High, Width = "SHORT" })
        .Define(Key("tasks.max.enforce", ConfigType.Boolean, "true", Common, 4, "Enforce tasks max", "Whether a connector that makes more tasks than that fails."))
        .Define(Key("key.converter", ConfigType.Class, null, Common, 5, "Key converter class", "What turns keys into bytes and back; the worker's where it is not given.") with { Width = "SHORT" })
        .Define(Key("value.converter", ConfigType.Class, null, Common, 6, "Value converter class", "What turns values into bytes and back; the worker's where it is not given.") with { Width = "SHORT" })
        .Define(Key("header.converter", ConfigType.Class, null, Common, 7, "Header converter class", "What turns headers into bytes and back; the worker's where it is not given.") with { Width = "SHORT" })
        .Define(Key("transforms", ConfigType.List, "", Transforms, 8, "Transforms", "Aliases of the transforms, in order.") with { Width = "LONG" })
        .Define(Key("predicates", ConfigType.List, "", Predicates, 9, "Predicates", "Aliases of the predicates of transforms.") with { Width = "LONG" })
        .Define(Key("config.action.reload", ConfigType.String, "restart", Common, 10, "Reload Action", "What follows when a value that a configuration names changes outside.") with { Validator = ConfigValidators.OneOf("none", "restart"), Width = "MEDIUM" })
        .Define(Key("errors.retry.timeout", ConfigType.Long, "0", ErrorHandling, 1, "Retry Timeout for Errors", "For how many milliseconds a failed step is done again; -1 for ever.") with { Importance = ConfigImportance.Medium, Width = "MEDIUM" })
        .Define(Key("errors.retry.delay.max.ms", ConfigType.Long, "60000", ErrorHandling, 2, "Maximum Delay Between Retries for Errors", "The longest wait between two tries, in milliseconds.") with { Importance = ConfigImportance.Medium, Width = "MEDIUM" })
        .Define(Key("errors.tolerance", ConfigType.String, "none", ErrorHandling, 3, "Error Tolerance", "none ends the task at a failed record, all skips it.") with { Validator = ConfigValidators.OneOf("none", "all"), Importance = ConfigImportance.Medium, Width = "SHORT" })
        .Define(Key("errors.log.enable", ConfigType.Boolean, "false", ErrorHandling, 4, "Log Errors", "Whether tolerated failures are logged.") with { Importance = ConfigImportance.Medium, Width = "SHORT" })
        .Define(Key("errors.log.include.messages", ConfigType.Boolean, "false", ErrorHandling, 5, "Log Error Details", "Whether that log names the record.") with { Importance = ConfigImportance.Medium, Width = "SHORT" })
        .Define(Key("task.restart.enable", ConfigType.Boolean, "true", ErrorHandling, 20, "Restart failed tasks", "Whether a failed task is started again by itself, after a while."))
        .Define(Key("task.restart.backoff.ms", ConfigType.Long, "10000", ErrorHandling, 21, "Restart back-off", "The wait before the first restart; it doubles with each further one.") with { Validator = ConfigValidators.AtLeast("1") })
        .Define(Key("task.restart.backoff.max.ms", ConfigType.Long, "300000", ErrorHandling, 22, "Longest restart back-off", "The longest wait before a restart.") with { Validator = ConfigValidators.AtLeast("1") });

    private static ConnectKey Key(string name, ConfigType type, string? standard, string group, int order, string displayName, string documentation) => new(name, type)
    {
        Default = standard,
        Importance = ConfigImportance.Low,
        Group = group,
        Order = order,
        DisplayName = displayName,
        Documentation = documentation,
    };
}
