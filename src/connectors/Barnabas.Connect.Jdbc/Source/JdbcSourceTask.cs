using System.Data.Common;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Jdbc.Dialects;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Jdbc.Source;

/// <summary>Reads its tables in turn over one connection; one that breaks is opened again, and reading goes on where it was.</summary>
public sealed class JdbcSourceTask : SourceTask
{
    // The worker commits offsets and pauses between polls.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly List<TableQuery> _queries = [];
    private JdbcSourceConfig? _config;
    private Connections? _connections;
    private DbConnection? _connection;
    private TimeProvider _time = TimeProvider.System;
    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();
    private SourceTaskContext? _context;
    private IDatabaseDialect? _dialect;

    /// <inheritdoc/>
    public override async Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _context = context;
        _configs = configs;
        _time = context.Time;
        _config = new JdbcSourceConfig(configs);
        _dialect = DialectCatalog.Create(_config.Values);
        _connections = new Connections(_dialect, _config.Values, _time, context.Logger);
        await MakeQueriesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken)
    {
        var query = _queries.MinBy(query => query.Due)!;
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), query.Due);
        if (!query.IsOpen && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < LongestPoll ? wait : LongestPoll, _time, cancellationToken);
            if (wait > LongestPoll) return [];
        }

        try
        {
            _connection ??= await _connections!.OpenAsync(cancellationToken);
            if (!query.IsOpen) await query.OpenAsync(_connection, cancellationToken);
            var most = _config!.Values.GetInt("batch.max.rows");
            var records = new List<SourceRecord>(most);
            if (!await query.ReadAsync(records, most, cancellationToken))
                query.Due = _time.GetTimestamp() + (long)(_config.Values.GetInt("poll.interval.ms") / 1000.0 * _time.TimestampFrequency);
            return records;
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or IOException)
        {
            await DropConnectionAsync(cancellationToken);
            throw new RetriableException($"Reading from the database failed: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        foreach (var query in _queries) await query.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private async Task MakeQueriesAsync(CancellationToken cancellationToken)
    {
        var names = ConfigValue.SplitList(_configs[JdbcSourceConfig.TablesKey]);
        List<TableId?> tables = names.Count == 0 ? [null] : [.. names.Select(TableId.Parse)];
        var offsets = await _context!.Offsets.ReadAsync([.. tables.Select(TableQuery.PartitionOf)], cancellationToken);
        for (var i = 0; i < tables.Count; i++)
            _queries.Add(new TableQuery(_config!, _dialect!, tables[i], TableOffset.Of(offsets[i])));
    }

    private async Task DropConnectionAsync(CancellationToken cancellationToken)
    {
        foreach (var query in _queries.Where(query => query.IsOpen))
        {
            await query.CloseAsync();
            query.Due = 0;
        }

        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
        cancellationToken.ThrowIfCancellationRequested();
    }
}
