using System.Data.Common;
using System.Globalization;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Jdbc.Dialects;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Jdbc.Sink;

/// <summary>Knows the columns of tables, and creates and extends tables where that is allowed. For one task.</summary>
internal sealed class TableStructure(IDatabaseDialect dialect, JdbcSinkConfig config, ILogger logger)
{
    private readonly Dictionary<TableId, IReadOnlyList<ColumnDefinition>> _known = [];

    /// <summary>The shape's columns with their types in the database.</summary>
    /// <exception cref="ConnectException">The table or a column is missing and may not be made.</exception>
    public async Task<TableWrite> EnsureAsync(DbConnection connection, TableId table, WriteMode mode, RowShape shape, CancellationToken cancellationToken)
    {
        var columns = await ColumnsAsync(connection, table, cancellationToken);
        if (columns.Count == 0)
        {
            if (!config.Values.GetBoolean("auto.create")) throw new ConnectException($"Table {dialect.Quote(table)} is missing and auto-creation is disabled");
            await CreateAsync(connection, table, shape, cancellationToken);
            columns = await ReadAsync(connection, table, cancellationToken);
        }

        var missing = shape.Keys.Concat(shape.Values).Where(column => !columns.Any(known => known.Name == column.Name)).ToList();
        if (missing.Count > 0)
        {
            // Somebody else may have added them since.
            columns = await ReadAsync(connection, table, cancellationToken);
            missing.RemoveAll(column => columns.Any(known => known.Name == column.Name));
            if (missing.Count > 0)
            {
                await ExtendAsync(connection, table, missing, cancellationToken);
                columns = await ReadAsync(connection, table, cancellationToken);
            }
        }

        var types = columns.ToDictionary(column => column.Name, column => column.TypeName);
        return new TableWrite(
            table, mode,
            [.. shape.Keys.Select(key => key with { TypeName = types[key.Name] })],
            mode == WriteMode.Delete ? [] : [.. shape.Values.Select(value => value with { TypeName = types[value.Name] })]);
    }

    /// <summary>Forgets what is known, as after an error.</summary>
    public void Forget() => _known.Clear();

    private async Task<IReadOnlyList<ColumnDefinition>> ColumnsAsync(DbConnection connection, TableId table, CancellationToken cancellationToken) =>
        _known.TryGetValue(table, out var known) && known.Count > 0 ? known : await ReadAsync(connection, table, cancellationToken);

    private async Task<IReadOnlyList<ColumnDefinition>> ReadAsync(DbConnection connection, TableId table, CancellationToken cancellationToken) =>
        _known[table] = await dialect.ColumnsAsync(connection, table, cancellationToken);

    private async Task CreateAsync(DbConnection connection, TableId table, RowShape shape, CancellationToken cancellationToken)
    {
        var parts = shape.Keys.Select(key => Column(key, isKey: true)).Concat(shape.Values.Select(value => Column(value, isKey: false))).ToList();
        if (shape.Keys.Count > 0) parts.Add($"PRIMARY KEY({string.Join(",", shape.Keys.Select(key => dialect.Quote(key.Name)))})");
        var statement = $"CREATE TABLE IF NOT EXISTS {dialect.Quote(table)} ({string.Join(", ", parts)})";
        await ExecuteAsync(connection, statement, cancellationToken);
        JdbcLog.TableCreated(logger, table.ToString(), statement);
    }

    private async Task ExtendAsync(DbConnection connection, TableId table, List<WriteColumn> missing, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", missing.Select(column => column.Name));
        if (!config.Values.GetBoolean("auto.evolve")) throw new ConnectException($"Table {dialect.Quote(table)} is missing fields ({names}) and auto-evolution is disabled");
        if (missing.Find(column => !column.Schema.IsOptional && column.Schema.DefaultValue is null) is { } required)
            throw new ConnectException($"Cannot ALTER TABLE {dialect.Quote(table)} to add missing field {required.Name}, as the field is not optional and does not have a default value");
        foreach (var statement in dialect.AddColumns(table, [.. missing.Select(column => Column(column, isKey: false))]))
        {
            await ExecuteAsync(connection, statement, cancellationToken);
            JdbcLog.TableExtended(logger, table.ToString(), statement);
        }
    }

    private string Column(WriteColumn column, bool isKey)
    {
        var definition = $"{dialect.Quote(column.Name)} {dialect.TypeFor(column.Schema)}";
        if (column.Schema.DefaultValue is { } standard) return $"{definition} DEFAULT {Literal(standard)}";
        return isKey || !column.Schema.IsOptional ? definition + " NOT NULL" : definition + " NULL";
    }

    private string Literal(object value) => value switch
    {
        bool flag => flag ? "TRUE" : "FALSE",
        BigDecimal number => number.ToPlainString(),
        sbyte or short or int or long or float or double => ValueText.Of(value),
        byte[] bytes => dialect.Literal(bytes),
        DateTime instant => $"'{instant.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)}'",
        _ => $"'{ValueText.Of(value).Replace("'", "''", StringComparison.Ordinal)}'",
    };

    private static async Task ExecuteAsync(DbConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
