using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Jdbc.Dialects;

namespace Barnabas.Connect.Jdbc.Source;

/// <summary>Which rows of a table are new.</summary>
public enum SourceMode
{
    /// <summary>All, each time.</summary>
    Bulk,

    /// <summary>Those with a larger number.</summary>
    Incrementing,

    /// <summary>Those with a later time.</summary>
    Timestamp,

    /// <summary>Those with a later time, or the same time and a larger number.</summary>
    TimestampIncrementing,
}

/// <summary>The source's configuration.</summary>
internal sealed class JdbcSourceConfig
{
    public const string TablesKey = "tables";

    private const string Database = "Database";
    private const string Mode = "Mode";
    private const string Connector = "Connector";

    public static readonly ConfigDef Definition = ConnectionKeys.Define()
        .Define(List("table.whitelist", Database, "The tables to read; the older name of table.include.list."))
        .Define(List("table.blacklist", Database, "The tables not to read; the older name of table.exclude.list."))
        .Define(List("table.include.list", Database, "Regular expressions of the tables to read, as schema.table."))
        .Define(List("table.exclude.list", Database, "Regular expressions of the tables not to read, as schema.table."))
        .Define(new("catalog.pattern", ConfigType.String) { Default = null, Group = Database, Documentation = "The database; a connection sees only its own." })
        .Define(new("schema.pattern", ConfigType.String) { Default = null, Group = Database, Documentation = "The schemas whose tables are found, in LIKE's notation." })
        .Define(new("numeric.mapping", ConfigType.String) { Default = "none", Validator = ConfigValidators.OneOfIgnoringCase("none", "precision_only", "best_fit", "best_fit_eager_double"), Group = Database, Documentation = "How NUMERIC columns are read: as Decimal, as integers, or as integers and doubles where they fit." })
        .Define(new("mode", ConfigType.String) { Validator = ConfigValidators.OneOf("bulk", "timestamp", "incrementing", "timestamp+incrementing"), Importance = ConfigImportance.High, Group = Mode, Documentation = "How new rows are found." })
        .Define(new("incrementing.column.name", ConfigType.String) { Default = "", Group = Mode, Documentation = "The column with ever larger numbers; empty for the one that the database counts." })
        .Define(List("timestamp.column.name", Mode, "The columns with the time of the last change; the first that is not null counts."))
        .Define(new("timestamp.initial", ConfigType.Long) { Default = null, Importance = ConfigImportance.Low, Group = Mode, Documentation = "Where reading by time begins, in milliseconds since 1970; -1 for now." })
        .Define(new("timestamp.delay.interval.ms", ConfigType.Long) { Default = "0", Importance = ConfigImportance.High, Group = Connector, Documentation = "How long a row rests before it is read by its time, so that slow transactions are not missed." })
        .Define(new("timestamp.granularity", ConfigType.String) { Default = "connect_logical", Validator = ConfigValidators.OneOf("connect_logical"), Importance = ConfigImportance.Low, Group = Connector, Documentation = "How timestamps are written." })
        .Define(new("validate.non.null", ConfigType.Boolean) { Default = "true", Importance = ConfigImportance.Low, Group = Mode, Documentation = "Whether the columns that new rows are found by must be NOT NULL." })
        .Define(new("query", ConfigType.String) { Default = "", Group = Mode, Documentation = "A query to read instead of tables." })
        .Define(new("query.suffix", ConfigType.String) { Default = "", Importance = ConfigImportance.Low, Group = Mode, Documentation = "What is appended to each query." })
        .Define(new("table.types", ConfigType.List) { Default = "TABLE", Importance = ConfigImportance.Low, Group = Connector, Documentation = "The kinds of tables that are found." })
        .Define(new("poll.interval.ms", ConfigType.Int) { Default = "5000", Importance = ConfigImportance.High, Group = Connector, Documentation = "How often new rows are looked for." })
        .Define(new("batch.max.rows", ConfigType.Int) { Default = "1000", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = Connector, Documentation = "The largest number of rows of a batch." })
        .Define(new("table.poll.interval.ms", ConfigType.Long) { Default = "60000", Importance = ConfigImportance.Low, Group = Connector, Documentation = "How often new tables are looked for." })
        .Define(new("topic.prefix", ConfigType.String) { Importance = ConfigImportance.High, Group = Connector, Documentation = "What the topic's name begins with; the table's follows. With query it is the whole name." })
        .Define(new("transaction.isolation.mode", ConfigType.String) { Default = "DEFAULT", Validator = ConfigValidators.OneOfIgnoringCase("DEFAULT", "READ_UNCOMMITTED", "READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"), Importance = ConfigImportance.Low, Group = Database, Documentation = "The isolation of the transactions that rows are read in." });

    public JdbcSourceConfig(IReadOnlyDictionary<string, string> configs)
    {
        Values = Definition.Parse(configs);
        Query = Values.GetString("query").Trim();
        var include = Values.GetList("table.whitelist");
        Included = include.Count > 0 ? include : Values.GetList("table.include.list");
        Excluded = [.. Values.GetList("table.blacklist"), .. Values.GetList("table.exclude.list")];
        if (Query.Length > 0 && Included.Count > 0) throw new ConfigException("query may not be combined with whole-table copying settings.");
        if (include.Count > 0 && Values.GetList("table.blacklist").Count > 0) throw new ConfigException("table.whitelist and table.blacklist are exclusive.");
        HowNew = Values.GetString("mode") switch
        {
            "bulk" => SourceMode.Bulk,
            "incrementing" => SourceMode.Incrementing,
            "timestamp" => SourceMode.Timestamp,
            _ => SourceMode.TimestampIncrementing,
        };
        if (HowNew is SourceMode.Timestamp or SourceMode.TimestampIncrementing && TimestampColumns.Count == 0)
            throw new ConfigException("timestamp.column.name", "", $"it must be given with mode={Values.GetString("mode")}");
    }

    public ConfigValues Values { get; }

    public string Query { get; }

    public IReadOnlyList<string> Included { get; }

    public IReadOnlyList<string> Excluded { get; }

    public SourceMode HowNew { get; }

    public string IncrementingColumn => Values.GetString("incrementing.column.name");

    public IReadOnlyList<string> TimestampColumns => Values.GetList("timestamp.column.name");

    public NumericMapping Mapping => Values.GetString("numeric.mapping").ToLowerInvariant() switch
    {
        "precision_only" => NumericMapping.PrecisionOnly,
        "best_fit" => NumericMapping.BestFit,
        "best_fit_eager_double" => NumericMapping.BestFitEagerDouble,
        _ => NumericMapping.None,
    };

    public System.Data.IsolationLevel? Isolation => Values.GetString("transaction.isolation.mode").ToUpperInvariant() switch
    {
        "READ_UNCOMMITTED" => System.Data.IsolationLevel.ReadUncommitted,
        "READ_COMMITTED" => System.Data.IsolationLevel.ReadCommitted,
        "REPEATABLE_READ" => System.Data.IsolationLevel.RepeatableRead,
        "SERIALIZABLE" => System.Data.IsolationLevel.Serializable,
        _ => null,
    };

    private static ConnectKey List(string name, string group, string documentation) => new(name, ConfigType.List) { Default = "", Group = group, Documentation = documentation };
}
