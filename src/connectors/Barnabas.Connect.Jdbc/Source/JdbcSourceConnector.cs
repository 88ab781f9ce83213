using System.Data.Common;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Jdbc.Dialects;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Jdbc.Source;

/// <summary>Rows of tables, or of a query, as records. Looks for new tables from time to time and has the tasks made anew.</summary>
public sealed class JdbcSourceConnector : SourceConnector
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();
    private JdbcSourceConfig? _config;
    private IReadOnlyList<TableId> _tables = [];
    private Task _watching = Task.CompletedTask;

    /// <inheritdoc/>
    public override string Version => JdbcPlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => JdbcSourceConfig.Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new JdbcSourceTask();

    /// <inheritdoc/>
    public override async Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        _config = new JdbcSourceConfig(configs);
        var dialect = DialectCatalog.Create(_config.Values);
        await using var connection = await new Connections(dialect, _config.Values, context.Time, context.Logger).OpenAsync(cancellationToken);
        if (_config.Query.Length > 0) return;
        _tables = await TablesAsync(dialect, connection, cancellationToken);
        if (_tables.Count == 0) JdbcLog.NoTables(context.Logger, _config.Values.GetMilliseconds("table.poll.interval.ms"));
        _watching = WatchAsync(context, dialect);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks)
    {
        if (_config!.Query.Length > 0) return [_configs.Append(new(JdbcSourceConfig.TablesKey, "")).ToDictionary()];
        IReadOnlyList<TableId> tables;
        lock (_gate) tables = _tables;
        var groups = Math.Min(maxTasks, tables.Count);
        return [.. Enumerable.Range(0, groups).Select(group => (IReadOnlyDictionary<string, string>)_configs
            .Append(new(JdbcSourceConfig.TablesKey, string.Join(',', tables.Where((_, at) => at % groups == group)))).ToDictionary())];
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync(ConnectorContext context, IDatabaseDialect dialect)
    {
        var interval = _config!.Values.GetMilliseconds("table.poll.interval.ms");
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(interval, context.Time, _stopping.Token);
                await using var connection = await dialect.OpenAsync(_stopping.Token);
                var tables = await TablesAsync(dialect, connection, _stopping.Token);
                if (tables.SequenceEqual(_tables)) continue;
                lock (_gate) _tables = tables;
                JdbcLog.TablesChanged(context.Logger, string.Join(", ", tables));
                context.RequestTaskReconfiguration();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (DbException error)
            {
                JdbcLog.TablesNotRead(context.Logger, error.Message, interval);
            }
        }
    }

    private async Task<IReadOnlyList<TableId>> TablesAsync(IDatabaseDialect dialect, DbConnection connection, CancellationToken cancellationToken)
    {
        var all = await dialect.TablesAsync(connection, _config!.Values.FindString("schema.pattern"), _config.Values.GetList("table.types"), cancellationToken);
        var chosen = all.Where(table => (_config.Included.Count == 0 || Matches(_config.Included, table)) && !Matches(_config.Excluded, table)).ToList();
        var twice = chosen.GroupBy(table => table.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? chosen
            : throw new ConnectException($"The tables {string.Join(" and ", twice)} would have one topic. Choose by schema.pattern, or by table.include.list with schema.table.");
    }

    private static bool Matches(IReadOnlyList<string> patterns, TableId table) => patterns.Any(pattern =>
        pattern == table.Name || TableId.Parse(pattern) == table || IsMatch(pattern, table.ToString()) || IsMatch(pattern, table.Name));

    private static bool IsMatch(string pattern, string name)
    {
        // Most are plain names: they get by without loading expressions.
        if (pattern.All(c => char.IsLetterOrDigit(c) || c == '_')) return pattern == name;
        try
        {
            return JavaPatternValidator.Whole(pattern).IsMatch(name);
        }
        catch (ArgumentException)
        {
            // A plain name with letters that mean something in patterns.
            return false;
        }
    }
}
