using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Barnabas.Fms.Storing;

/// <summary>The database that the JDBC sink writes readings to, asked by SQL.</summary>
/// <param name="JdbcUrl">As the sink has it: <c>jdbc:postgresql://host:port/name</c> or <c>jdbc:sqlite:FILE</c>.</param>
/// <param name="User">The user; null for none.</param>
/// <param name="Password">The user's password; null for none.</param>
public sealed record SensorStore(string JdbcUrl, string? User, string? Password)
{
    /// <summary>The table that the sink makes.</summary>
    public const string Table = "sensor_data";

    /// <summary>The query that shows what is stored.</summary>
    public const string Query = """
        SELECT "deviceId", count(*) AS readings, CAST(avg(sensor1) AS int) AS sensor1, CAST(max(sensor1) AS int) AS hottest,
               CAST(avg(motor1) AS int) AS motor1, sum(CASE WHEN "isFail" THEN 1 ELSE 0 END) AS failed, max("time") AS latest
        FROM sensor_data GROUP BY "deviceId" ORDER BY "deviceId"
        """;

    private const string PostgreSql = "jdbc:postgresql:";
    private const string Sqlite = "jdbc:sqlite:";

    /// <summary>Whether it is PostgreSQL.</summary>
    public bool IsPostgreSql => JdbcUrl.StartsWith(PostgreSql, StringComparison.Ordinal);

    /// <summary>Whether the URL is one that the pipeline can ask.</summary>
    public bool IsKnown => IsPostgreSql || JdbcUrl.StartsWith(Sqlite, StringComparison.Ordinal);

    /// <summary>How many rows there are; 0 where the table is not there yet.</summary>
    /// <exception cref="DbException">The database cannot be asked.</exception>
    public async Task<long> CountAsync(CancellationToken stop) =>
        Convert.ToInt64((await RowsAsync($"SELECT count(*) FROM {Table}", stop)).Rows.FirstOrDefault()?[0] ?? 0L, CultureInfo.InvariantCulture);

    /// <summary>The time of each device's latest reading.</summary>
    /// <exception cref="DbException">The database cannot be asked.</exception>
    internal async Task<IReadOnlyList<string>> LatestAsync(CancellationToken stop)
    {
        var (_, rows) = await RowsAsync($"SELECT max(\"time\") FROM {Table} GROUP BY \"deviceId\"", stop);
        return [.. rows.Select(row => Convert.ToString(row[0], CultureInfo.InvariantCulture)!)];
    }

    /// <summary>Device and time of every reading that is stored.</summary>
    /// <exception cref="DbException">The database cannot be asked.</exception>
    internal async Task<IReadOnlyList<(int Device, string Time)>> TimesAsync(CancellationToken stop)
    {
        var (_, rows) = await RowsAsync($"SELECT \"deviceId\", \"time\" FROM {Table}", stop);
        return [.. rows.Select(row => (Convert.ToInt32(row[0], CultureInfo.InvariantCulture), Convert.ToString(row[1], CultureInfo.InvariantCulture)!))];
    }

    /// <summary>What <see cref="Query"/> gives, as columns of text.</summary>
    /// <exception cref="DbException">The database cannot be asked.</exception>
    public async Task<string> ShowAsync(CancellationToken stop)
    {
        var (names, rows) = await RowsAsync(Query, stop);
        string[][] cells = [[.. names], .. rows.Select(row => row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "").ToArray())];
        var widths = names.Select((_, at) => cells.Max(row => row[at].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in cells)
            text.AppendLine("  " + string.Join("  ", row.Select((cell, at) => cell.PadLeft(widths[at]))));
        return text.ToString().TrimEnd();
    }

    private async Task<(IReadOnlyList<string> Names, IReadOnlyList<object?[]> Rows)> RowsAsync(string query, CancellationToken stop)
    {
        await using var connection = Connection();
        await connection.OpenAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(stop);
            var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
            var rows = new List<object?[]>();
            while (await reader.ReadAsync(stop))
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }

            return (names, rows);
        }
        catch (DbException error) when (error is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } || (error is SqliteException && error.Message.Contains("no such table", StringComparison.Ordinal)))
        {
            return ([], []);
        }
    }

    private DbConnection Connection()
    {
        if (!IsPostgreSql)
            return new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = JdbcUrl[Sqlite.Length..], Pooling = false }.ConnectionString);
        var url = new Uri(JdbcUrl["jdbc:".Length..]);
        return new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.IsDefaultPort || url.Port < 0 ? 5432 : url.Port,
            Database = url.AbsolutePath.Trim('/'),
            Username = User,
            Password = Password,
            Pooling = false,
            Timeout = 5,
        }.ConnectionString);
    }
}
