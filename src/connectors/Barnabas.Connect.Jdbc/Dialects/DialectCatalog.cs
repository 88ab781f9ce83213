using Barnabas.Configuration;
using Barnabas.Connect.Config;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>Chooses the dialect by <c>dialect.name</c> or the URL.</summary>
internal static class DialectCatalog
{
    private const string PostgreSql = "jdbc:postgresql:";

    /// <exception cref="ConfigException">There is no dialect for it.</exception>
    public static IDatabaseDialect Create(ConfigValues values)
    {
        var url = values.GetString("connection.url");
        var name = values.GetString("dialect.name");
        var isPostgres = name.Length > 0
            ? name.StartsWith("PostgreSql", StringComparison.OrdinalIgnoreCase)
            : url.StartsWith(PostgreSql, StringComparison.OrdinalIgnoreCase) || !url.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase);
        if (!isPostgres) throw new ConfigException("connection.url", url, "there is no dialect for this database; PostgreSQL is supported");
        return new PostgreSqlDialect(
            PostgreSqlUrl.ToConnectionString(url, values.FindString("connection.user"), values.FindString("connection.password")),
            isQuoting: !values.GetString("quote.sql.identifiers").Equals("NEVER", StringComparison.OrdinalIgnoreCase),
            zone: ZoneOf(values.GetString("db.timezone")));
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
