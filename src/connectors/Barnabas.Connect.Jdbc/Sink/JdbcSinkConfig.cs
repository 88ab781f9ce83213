using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Jdbc.Dialects;

namespace Barnabas.Connect.Jdbc.Sink;

/// <summary>Where a row's primary key comes from.</summary>
public enum PrimaryKeyMode
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Topic, partition and offset.</summary>
    Kafka,

    /// <summary>The record's key.</summary>
    RecordKey,

    /// <summary>Fields of the record's value.</summary>
    RecordValue,
}

/// <summary>The sink's configuration.</summary>
internal sealed class JdbcSinkConfig
{
    private const string Writes = "Writes";
    private const string DataMapping = "Data Mapping";
    private const string Ddl = "DDL Support";
    private const string Retries = "Retries";

    public static readonly ConfigDef Definition = ConnectionKeys.Define()
        .Define(new("insert.mode", ConfigType.String) { Default = "insert", Validator = ConfigValidators.OneOfIgnoringCase("insert", "upsert", "update"), Importance = ConfigImportance.High, Group = Writes, Documentation = "How records become rows: new ones, new or changed ones, or changed ones." })
        .Define(new("batch.size", ConfigType.Int) { Default = "3000", Validator = ConfigValidators.AtLeast("0"), Group = Writes, Documentation = "The largest number of rows that are written at once." })
        .Define(new("delete.enabled", ConfigType.Boolean) { Default = "false", Group = Writes, Documentation = "Whether a record without a value deletes the row of its key; needs pk.mode=record_key." })
        .Define(new("table.name.format", ConfigType.String) { Default = "${topic}", Group = DataMapping, Documentation = "The table's name; ${topic} stands for the topic." })
        .Define(new("pk.mode", ConfigType.String) { Default = "none", Validator = ConfigValidators.OneOfIgnoringCase("none", "kafka", "record_key", "record_value"), Importance = ConfigImportance.High, Group = DataMapping, Documentation = "Where the primary key comes from." })
        .Define(new("pk.fields", ConfigType.List) { Default = "", Group = DataMapping, Documentation = "The names of the primary key's columns, by pk.mode." })
        .Define(new("fields.whitelist", ConfigType.List) { Default = "", Group = DataMapping, Documentation = "The fields of the value that are written; none means all." })
        .Define(new("auto.create", ConfigType.Boolean) { Default = "false", Group = Ddl, Documentation = "Whether a missing table is created." })
        .Define(new("auto.evolve", ConfigType.Boolean) { Default = "false", Group = Ddl, Documentation = "Whether missing columns are added." })
        .Define(new("max.retries", ConfigType.Int) { Default = "10", Validator = ConfigValidators.AtLeast("0"), Group = Retries, Documentation = "How often a failed write is done again before the task fails." })
        .Define(new("retry.backoff.ms", ConfigType.Int) { Default = "3000", Validator = ConfigValidators.AtLeast("0"), Group = Retries, Documentation = "The wait before a failed write is done again." })
        .Define(new("replace.null.with.default", ConfigType.Boolean) { Default = "true", Group = DataMapping, Documentation = "Whether a null of a field that has a default is written as that default." });

    public JdbcSinkConfig(IReadOnlyDictionary<string, string> configs)
    {
        Values = Definition.Parse(configs);
        Mode = Enum.Parse<WriteMode>(Values.GetString("insert.mode"), ignoreCase: true);
        KeyMode = Enum.Parse<PrimaryKeyMode>(Values.GetString("pk.mode").Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        KeyFields = Values.GetList("pk.fields");
        Fields = Values.GetList("fields.whitelist").ToHashSet();
        if (KeyMode == PrimaryKeyMode.Kafka && KeyFields.Count is not (0 or 3))
            throw new ConfigException("pk.fields", KeyFields, "it names topic, partition and offset: three columns");
        if (Values.GetBoolean("delete.enabled") && KeyMode != PrimaryKeyMode.RecordKey)
            throw new ConfigException("Primary key mode must be 'record_key' when delete support is enabled");
        if (Mode is WriteMode.Upsert or WriteMode.Update && KeyMode == PrimaryKeyMode.None)
            throw new ConfigException($"insert.mode={Values.GetString("insert.mode")} needs a primary key: set pk.mode");
    }

    public ConfigValues Values { get; }

    public WriteMode Mode { get; }

    public PrimaryKeyMode KeyMode { get; }

    public IReadOnlyList<string> KeyFields { get; }

    public IReadOnlySet<string> Fields { get; }
}
