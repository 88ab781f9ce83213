using System.Data.Common;
using System.Globalization;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Jdbc.Dialects;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Jdbc.Source;

/// <summary>Reads one table, or the query: asks for what is new, and gives it row by row. For one task.</summary>
internal sealed class TableQuery : IAsyncDisposable
{
    private static readonly IReadOnlyDictionary<string, object?> NoOffset = new Dictionary<string, object?>();

    private readonly JdbcSourceConfig _config;
    private readonly IDatabaseDialect _dialect;
    private readonly TableId? _table;
    private readonly Dictionary<string, object?> _partition;
    private readonly string _topic;
    private TableOffset _offset;
    private DbCommand? _command;
    private DbTransaction? _transaction;
    private DbDataReader? _reader;
    private RowReader? _rows;
    private string? _incrementing;
    private IReadOnlySet<string> _required = new HashSet<string>();
    private bool _isPrepared;

    public TableQuery(JdbcSourceConfig config, IDatabaseDialect dialect, TableId? table, TableOffset offset)
    {
        _config = config;
        _dialect = dialect;
        _table = table;
        _offset = offset;
        _partition = PartitionOf(table);
        _topic = config.Values.GetString("topic.prefix") + table?.Name;
    }

    /// <summary>When the next look is due, as a timestamp of the clock.</summary>
    public long Due { get; set; }

    public bool IsOpen => _reader is not null;

    public static Dictionary<string, object?> PartitionOf(TableId? table) => table is null
        ? new() { ["query"] = "query" }
        : new() { ["protocol"] = "1", ["table"] = table.ToString() };

    public async Task OpenAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (!_isPrepared) await PrepareAsync(connection, cancellationToken);
        _command = connection.CreateCommand();
        await BuildAsync(connection, _command, cancellationToken);
        _transaction = _config.Isolation is { } level ? await connection.BeginTransactionAsync(level, cancellationToken) : null;
        _command.Transaction = _transaction;
        _reader = await _command.ExecuteReaderAsync(cancellationToken);
        _rows = _dialect.ReaderFor(_reader, _table?.Name ?? "query", _config.Mapping, _table is null ? RequiredOf(_reader) : _required);
    }

    /// <summary>Adds rows up to a number in all; false where the result is at its end, which closes it.</summary>
    public async Task<bool> ReadAsync(List<SourceRecord> records, int most, CancellationToken cancellationToken)
    {
        while (records.Count < most)
        {
            if (!await _reader!.ReadAsync(cancellationToken))
            {
                await CloseAsync();
                return false;
            }

            var row = _rows!.Read(_reader);
            Advance(row);
            var offset = _config.HowNew == SourceMode.Bulk ? NoOffset : new RowOffset(_offset);
            records.Add(new SourceRecord
            {
                Topic = _topic,
                ValueSchema = row.Schema,
                Value = row,
                SourcePartition = _partition,
                SourceOffset = offset,
            });
        }

        return true;
    }

    public async Task CloseAsync()
    {
        if (_reader is not null) await _reader.DisposeAsync();
        if (_transaction is not null) await _transaction.DisposeAsync();
        if (_command is not null) await _command.DisposeAsync();
        _reader = null;
        _transaction = null;
        _command = null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task PrepareAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var columns = _table is null ? [] : await _dialect.ColumnsAsync(connection, _table, cancellationToken);
        _required = columns.Where(column => !column.IsNullable).Select(column => column.Name).ToHashSet();
        if (_config.HowNew is SourceMode.Incrementing or SourceMode.TimestampIncrementing)
        {
            _incrementing = _config.IncrementingColumn.Length > 0 ? _config.IncrementingColumn : columns.FirstOrDefault(column => column.IsPrimaryKey)?.Name;
            if (_incrementing is null) throw new ConnectException($"incrementing.column.name is not given, and {_table} has no primary key to go by.");
        }

        if (_config.Values.GetBoolean("validate.non.null") && _table is not null)
        {
            Require(columns, _incrementing, "incrementing");
            if (_config.TimestampColumns.Count > 0 && _config.HowNew is SourceMode.Timestamp or SourceMode.TimestampIncrementing
                && _config.TimestampColumns.All(name => columns.FirstOrDefault(column => column.Name == name)?.IsNullable != false))
                Require(columns, _config.TimestampColumns[0], "timestamp");
        }

        if (_offset.Timestamp is null && _config.Values.IsGiven("timestamp.initial"))
        {
            var initial = _config.Values.GetLong("timestamp.initial");
            _offset = _offset with { Timestamp = initial < 0 ? await _dialect.NowAsync(connection, cancellationToken) : DateTime.UnixEpoch.AddMilliseconds(initial) };
        }

        _isPrepared = true;
    }

    private void Require(IReadOnlyList<ColumnDefinition> columns, string? name, string purpose)
    {
        if (name is null) return;
        var column = columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ConnectException($"The table {_table} has no column {name}, which {purpose}.column.name names.");
        if (column.IsNullable) throw new ConnectException($"Cannot make incremental queries using {purpose} column {column.Name} on {_table} because this column is nullable.");
    }

    private async Task BuildAsync(DbConnection connection, DbCommand command, CancellationToken cancellationToken)
    {
        var text = _table is null ? _config.Query : $"SELECT * FROM {_dialect.Quote(_table)}";
        var number = _incrementing is null ? "" : _dialect.Quote(_incrementing);
        var time = _config.TimestampColumns.Count switch
        {
            0 => "",
            1 => _dialect.Quote(_config.TimestampColumns[0]),
            _ => $"COALESCE({string.Join(',', _config.TimestampColumns.Select(_dialect.Quote))})",
        };
        switch (_config.HowNew)
        {
            case SourceMode.Incrementing:
                text += $" WHERE {number} > {_dialect.AddParameter(command, _offset.Incrementing ?? -1)} ORDER BY {number} ASC";
                break;
            case SourceMode.Timestamp:
                text += $" WHERE {time} > {_dialect.AddParameter(command, Begin())} AND {time} < {_dialect.AddParameter(command, await EndAsync(connection, cancellationToken))} ORDER BY {time} ASC";
                break;
            case SourceMode.TimestampIncrementing:
                var end = _dialect.AddParameter(command, await EndAsync(connection, cancellationToken));
                var begin = _dialect.AddParameter(command, Begin());
                text += $" WHERE {time} < {end} AND (({time} = {begin} AND {number} > {_dialect.AddParameter(command, _offset.Incrementing ?? -1)}) OR {time} > {begin}) ORDER BY {time}, {number} ASC";
                break;
        }

        var suffix = _config.Values.GetString("query.suffix");
        command.CommandText = suffix.Length == 0 ? text : $"{text} {suffix}";
    }

    private DateTime Begin() => _offset.Timestamp ?? DateTime.UnixEpoch;

    private async Task<DateTime> EndAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await _dialect.NowAsync(connection, cancellationToken) - _config.Values.GetMilliseconds("timestamp.delay.interval.ms");

    private void Advance(Struct row)
    {
        if (_config.HowNew == SourceMode.Bulk) return;
        long? number = _incrementing is null ? null : row.Get(_incrementing) switch
        {
            long value => value,
            BigDecimal value => (long)value.Unscaled,
            { } value => Convert.ToInt64(value, CultureInfo.InvariantCulture),
            null => throw new ConnectException($"A row of {_table} has no value in its incrementing column {_incrementing}."),
        };
        DateTime? time = _config.HowNew == SourceMode.Incrementing ? null : TimeOf(row) ?? _offset.Timestamp;
        _offset = new TableOffset(number ?? _offset.Incrementing, time ?? _offset.Timestamp);
    }

    private DateTime? TimeOf(Struct row) => (DateTime?)_config.TimestampColumns.Select(row.Get).FirstOrDefault(value => value is not null);

    private static HashSet<string> RequiredOf(DbDataReader reader) =>
        [.. reader.GetColumnSchema().Where(column => column.AllowDBNull == false).Select(column => column.ColumnName)];
}
