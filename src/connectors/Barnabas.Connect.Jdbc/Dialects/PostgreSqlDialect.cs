using System.Data.Common;
using System.Globalization;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Npgsql;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>PostgreSQL by Npgsql.</summary>
internal sealed class PostgreSqlDialect(string connectionString, bool isQuoting, TimeZoneInfo zone) : IDatabaseDialect
{
    private const string TablesQuery = """
        select n.nspname, c.relname
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%' and n.nspname not like 'pg_temp%'
          and c.relkind::text = any(string_to_array($1, ',')) and ($2::text is null or n.nspname like $2)
        order by 1, 2
        """;

    private const string ColumnsQuery = """
        select a.attname, t.typname, not a.attnotnull, coalesce(i.indisprimary, false),
               case when t.typname = 'numeric' and a.atttypmod > 0 then ((a.atttypmod - 4) >> 16) & 65535 end,
               case when t.typname = 'numeric' and a.atttypmod > 0 then (a.atttypmod - 4) & 2047 end
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        left join pg_index i on i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey)
        where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
        order by a.attnum
        """;

    public string Name => "PostgreSqlDatabaseDialect";

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public string Quote(string identifier) => isQuoting ? "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : identifier;

    public string Quote(TableId table) => table.Schema is null ? Quote(table.Name) : $"{Quote(table.Schema)}.{Quote(table.Name)}";

    public string AddParameter(DbCommand command, object value)
    {
        var parameter = command.CreateParameter();
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return "$" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
    }

    public IEnumerable<string> AddColumns(TableId table, IReadOnlyList<string> definitions) =>
        [$"ALTER TABLE {Quote(table)} {string.Join(", ", definitions.Select(definition => "ADD COLUMN IF NOT EXISTS " + definition))}"];

    public string Literal(byte[] bytes) => $"'\\x{Convert.ToHexString(bytes)}'";

    public async Task<IReadOnlyList<TableId>> TablesAsync(DbConnection connection, string? schemaPattern, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TablesQuery, (NpgsqlConnection)connection);
        // As one text: for an array Npgsql would ask, and set up, all it knows of types.
        command.Parameters.Add(new NpgsqlParameter { Value = string.Join(',', types.SelectMany(KindsOf)) });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)schemaPattern ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        var tables = new List<TableId>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) tables.Add(new TableId(reader.GetString(0), reader.GetString(1)));
        return tables;
    }

    public async Task<IReadOnlyList<ColumnDefinition>> ColumnsAsync(DbConnection connection, TableId table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ColumnsQuery, (NpgsqlConnection)connection);
        command.Parameters.Add(new NpgsqlParameter { Value = Quote(table) });
        var columns = new List<ColumnDefinition>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add(new ColumnDefinition(
                reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3),
                await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetInt32(4), await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetInt32(5)));
        }

        return columns;
    }

    public RowReader ReaderFor(DbDataReader reader, string schemaName, NumericMapping mapping, IReadOnlySet<string> required) =>
        PostgreSqlTypes.ReaderFor((NpgsqlDataReader)reader, schemaName, mapping, required, zone);

    public async Task<DateTime> NowAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select current_timestamp", (NpgsqlConnection)connection);
        return (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public string TypeFor(Schema schema) => PostgreSqlTypes.TypeFor(schema);

    public IRowWriter WriterFor(DbConnection connection, TableWrite write) => new PostgreSqlWriter(this, (NpgsqlConnection)connection, write, zone);

    private static IEnumerable<string> KindsOf(string type) => type.ToUpperInvariant() switch
    {
        "TABLE" => ["r"],
        "PARTITIONED TABLE" => ["p"],
        "VIEW" => ["v"],
        "MATERIALIZED VIEW" => ["m"],
        "FOREIGN TABLE" => ["f"],
        _ => throw new ConnectException($"table.types has {type}; known are TABLE, PARTITIONED TABLE, VIEW, MATERIALIZED VIEW and FOREIGN TABLE"),
    };
}
