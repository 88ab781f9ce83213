using System.Data.Common;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Jdbc.Dialects;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Jdbc.Sink;

/// <summary>Writes what it is given in one transaction a put: all of it is there when the put returns, or none.</summary>
public sealed class JdbcSinkTask : SinkTask
{
    private const int MostKept = 1000;

    private readonly Dictionary<(Schema?, Schema?, bool IsTombstone), RowShape> _shapes = [];
    private readonly Dictionary<string, TableId> _tables = [];
    private JdbcSinkConfig? _config;
    private IDatabaseDialect? _dialect;
    private Connections? _connections;
    private TableStructure? _structure;
    private SinkTaskContext? _context;
    private DbConnection? _connection;
    private int _retriesLeft;

    /// <inheritdoc/>
    public override Task StartAsync(SinkTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _context = context;
        _config = new JdbcSinkConfig(configs);
        _dialect = DialectCatalog.Create(_config.Values);
        _connections = new Connections(_dialect, _config.Values, context.Time, context.Logger);
        _structure = new TableStructure(_dialect, _config, context.Logger);
        _retriesLeft = _config.Values.GetInt("max.retries");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task PutAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0) return;
        try
        {
            _connection ??= await _connections!.OpenAsync(cancellationToken);
            await WriteAsync(_connection, records, cancellationToken);
            _retriesLeft = _config!.Values.GetInt("max.retries");
        }
        catch (Exception error) when (error is DbException or IOException or InvalidOperationException)
        {
            await RetryOrFailAsync(error);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private async Task WriteAsync(DbConnection connection, IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        // Tables are made before the transaction: others see them at once.
        var buffers = new List<RowBuffer>();
        var open = new Dictionary<TableId, (RowBuffer Buffer, RowShape Shape)>();
        var batch = _config!.Values.GetInt("batch.size");
        var deletes = _config.Values.GetBoolean("delete.enabled");
        foreach (var record in records)
        {
            var isDelete = record.Value is null;
            if (isDelete && !deletes)
                throw new ConnectException($"Sink connector '{_context!.ConnectorName}' is configured with 'delete.enabled=false' and 'pk.mode={_config.Values.GetString("pk.mode")}' and therefore requires records with a non-null Struct value and non-null Struct schema, but found record at (topic='{record.OriginalTopic}',partition={record.OriginalPartition},offset={record.Offset}) with a null value.");
            var shape = ShapeOf(record);
            var table = TableOf(record.Topic);
            var mode = isDelete ? WriteMode.Delete : _config.Mode;
            if (!open.TryGetValue(table, out var current) || current.Shape != shape || current.Buffer.Write.Mode != mode || (batch > 0 && current.Buffer.Count >= batch))
            {
                current = (new RowBuffer(await _structure!.EnsureAsync(connection, table, mode, shape, cancellationToken)), shape);
                open[table] = current;
                buffers.Add(current.Buffer);
            }

            var row = shape.Read(record);
            current.Buffer.Add(isDelete ? row[..shape.Keys.Count] : row);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var buffer in buffers) await buffer.FlushAsync(_dialect!, connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private TableId TableOf(string topic)
    {
        if (_tables.TryGetValue(topic, out var table)) return table;
        if (_tables.Count >= MostKept) _tables.Clear();
        return _tables[topic] = TableId.Parse(_config!.Values.GetString("table.name.format").Replace("${topic}", topic, StringComparison.Ordinal));
    }

    private RowShape ShapeOf(SinkRecord record)
    {
        var key = (record.KeySchema, record.ValueSchema, record.Value is null);
        if (_shapes.TryGetValue(key, out var shape)) return shape;
        if (_shapes.Count >= MostKept) _shapes.Clear();
        return _shapes[key] = RowShape.Of(record, _config!);
    }

    private async Task RetryOrFailAsync(Exception error)
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
        _structure!.Forget();
        if (_retriesLeft-- <= 0) throw new ConnectException($"Writing to the database failed, after {_config!.Values.GetInt("max.retries")} retries too: {error.Message}", error);
        _context!.RetryDelay = _config!.Values.GetMilliseconds("retry.backoff.ms");
        throw new RetriableException($"Writing to the database failed: {error.Message}", error);
    }
}
