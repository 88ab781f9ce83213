using Barnabas.Configuration;
using Barnabas.Connect.Config;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>Chooses the dialect by <c>dialect.name</c> or the URL.</summary>
internal static class DialectCatalog
{
    private const string PostgreSql = "jdbc:postgresql:";
    private const string Sqlite = "jdbc:sqlite:";

    /// <exception cref="ConfigException">There is no dialect for it.</exception>
    public static IDatabaseDialect Create(ConfigValues values)
    {
        var url = values.GetString("connection.url");
        var name = values.GetString("dialect.name");
        var isQuoting = !values.GetString("quote.sql.identifiers").Equals("NEVER", StringComparison.OrdinalIgnoreCase);
        var zone = ZoneOf(values.GetString("db.timezone"));
        if (name.Length > 0 ? name.StartsWith("Sqlite", StringComparison.OrdinalIgnoreCase) : url.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase))
            return new SqliteDialect(url.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase) ? url[Sqlite.Length..] : url, isQuoting, zone);
        var isPostgres = name.Length > 0
            ? name.StartsWith("PostgreSql", StringComparison.OrdinalIgnoreCase)
            : url.StartsWith(PostgreSql, StringComparison.OrdinalIgnoreCase) || !url.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase);
        if (!isPostgres) throw new ConfigException("connection.url", url, "there is no dialect for this database; PostgreSQL and SQLite are supported");
        return new PostgreSqlDialect(PostgreSqlUrl.ToConnectionString(url, values.FindString("connection.user"), values.FindString("connection.password")), isQuoting, zone);
    }

    private static TimeZoneInfo ZoneOf(string name)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (TimeZoneNotFoundException)
        {
            throw new ConfigException("db.timezone", name, "Invalid time zone identifier");
        }
    }
}
