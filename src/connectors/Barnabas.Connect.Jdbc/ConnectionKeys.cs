using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;

namespace Barnabas.Connect.Jdbc;

/// <summary>The keys that source and sink share: how the database is reached.</summary>
internal static class ConnectionKeys
{
    private const string Group = "Connection";

    public static ConfigDef Define() => new ConfigDef()
        .Define(new("connection.url", ConfigType.String) { Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.High, Group = Group, Order = 1, Width = "LONG", DisplayName = "JDBC URL", Documentation = "The database: jdbc:postgresql://host:port/name, an Npgsql connection string, or jdbc:sqlite:FILE." })
        .Define(new("connection.user", ConfigType.String) { Default = null, Importance = ConfigImportance.High, Group = Group, Order = 2, DisplayName = "JDBC User", Documentation = "The user." })
        .Define(new("connection.password", ConfigType.Password) { Default = null, Importance = ConfigImportance.High, Group = Group, Order = 3, DisplayName = "JDBC Password", Documentation = "The user's password." })
        .Define(new("connection.attempts", ConfigType.Int) { Default = "3", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = Group, Order = 4, DisplayName = "JDBC connection attempts", Documentation = "How often a connection is tried." })
        .Define(new("connection.backoff.ms", ConfigType.Long) { Default = "10000", Importance = ConfigImportance.Low, Group = Group, Order = 5, DisplayName = "JDBC connection backoff in milliseconds", Documentation = "The wait between two tries." })
        .Define(new("dialect.name", ConfigType.String) { Default = "", Importance = ConfigImportance.Low, Group = Group, Order = 6, DisplayName = "Database Dialect", Documentation = "The dialect; empty for the one that the URL tells." })
        .Define(new("quote.sql.identifiers", ConfigType.String) { Default = "ALWAYS", Validator = ConfigValidators.OneOfIgnoringCase("ALWAYS", "NEVER"), Importance = ConfigImportance.Medium, Group = Group, Order = 7, DisplayName = "Quote Identifiers", Documentation = "Whether names of tables and columns are quoted." })
        .Define(new("db.timezone", ConfigType.String) { Default = "UTC", Importance = ConfigImportance.Medium, Group = Group, Order = 8, DisplayName = "DB time zone", Documentation = "The zone that timestamps without one are in." });
}
