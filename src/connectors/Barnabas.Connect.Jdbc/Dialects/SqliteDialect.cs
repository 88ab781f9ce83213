using System.Data.Common;
using System.Globalization;
using Barnabas.Connect.Data;
using Microsoft.Data.Sqlite;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>SQLite: a database in a file. Times are text in the form that sorts, in <c>db.timezone</c>.</summary>
internal sealed class SqliteDialect(string file, bool isQuoting, TimeZoneInfo zone) : IDatabaseDialect
{
    private readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = file }.ToString();

    public string Name => "SqliteDatabaseDialect";

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public string Quote(string identifier) => isQuoting ? "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : identifier;

    public string Quote(TableId table) => table.Schema is null ? Quote(table.Name) : $"{Quote(table.Schema)}.{Quote(table.Name)}";

    public string AddParameter(DbCommand command, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = "$" + (command.Parameters.Count + 1).ToString(CultureInfo.InvariantCulture);
        parameter.Value = value is DateTime instant ? SqliteTypes.TextOf(instant, zone) : value;
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }

    public IEnumerable<string> AddColumns(TableId table, IReadOnlyList<string> definitions) =>
        definitions.Select(definition => $"ALTER TABLE {Quote(table)} ADD COLUMN {definition}");

    public string Literal(byte[] bytes) => $"X'{Convert.ToHexString(bytes)}'";

    public async Task<IReadOnlyList<TableId>> TablesAsync(DbConnection connection, string? schemaPattern, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select name, type from sqlite_master where name not like 'sqlite\\_%' escape '\\' order by name";
        var tables = new List<TableId>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            if (types.Contains(reader.GetString(1), StringComparer.OrdinalIgnoreCase)) tables.Add(new TableId(null, reader.GetString(0)));
        return tables;
    }

    public async Task<IReadOnlyList<ColumnDefinition>> ColumnsAsync(DbConnection connection, TableId table, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"select name, type, \"notnull\", pk from pragma_table_info({AddParameter(command, table.Name)})";
        var columns = new List<ColumnDefinition>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            // The number that SQLite gives each row is never null, though it does not say so.
            var isRowId = reader.GetInt64(3) > 0 && reader.GetString(1).Equals("INTEGER", StringComparison.OrdinalIgnoreCase);
            columns.Add(new ColumnDefinition(reader.GetString(0), reader.GetString(1), reader.GetInt64(2) == 0 && !isRowId, reader.GetInt64(3) > 0, null, null));
        }

        return columns;
    }

    public RowReader ReaderFor(DbDataReader reader, string schemaName, NumericMapping mapping, IReadOnlySet<string> required) =>
        SqliteTypes.ReaderFor(reader, schemaName, required, zone);

    public async Task<DateTime> NowAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select strftime('%Y-%m-%d %H:%M:%f', 'now')";
        return SqliteTypes.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!, TimeZoneInfo.Utc);
    }

    public string TypeFor(Schema schema) => SqliteTypes.TypeFor(schema);

    public IRowWriter WriterFor(DbConnection connection, TableWrite write) => new SqliteWriter(this, connection, write, zone);
}
