using System.Data.Common;
using System.Globalization;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>Writes rows by one prepared statement, which the transaction around them makes fast.</summary>
internal sealed class SqliteWriter(SqliteDialect dialect, DbConnection connection, TableWrite write, TimeZoneInfo zone) : IRowWriter
{
    private readonly List<object?[]> _rows = [];

    public void Add(object?[] values) => _rows.Add(values);

    public async Task FlushAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (_rows.Count == 0) return;
        var columns = write.Columns.ToList();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Statement();
        foreach (var _ in columns) dialect.AddParameter(command, DBNull.Value);
        await command.PrepareAsync(cancellationToken);
        foreach (var row in _rows)
        {
            for (var i = 0; i < columns.Count; i++)
                command.Parameters[i].Value = row[i] is { } value ? SqliteTypes.Stored(value, columns[i].Schema, zone) : DBNull.Value;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        _rows.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _rows.Clear();
        return ValueTask.CompletedTask;
    }

    private string Statement()
    {
        var table = dialect.Quote(write.Table);
        var keys = write.Keys.Select(column => dialect.Quote(column.Name)).ToList();
        var values = write.Values.Select(column => dialect.Quote(column.Name)).ToList();
        List<string> all = [.. keys, .. values];
        var places = all.Select((_, i) => Place(i));
        var insert = $"insert into {table} ({string.Join(", ", all)}) values ({string.Join(", ", places)})";
        var matches = string.Join(" and ", keys.Select((key, i) => $"{key} = {Place(i)}"));
        return write.Mode switch
        {
            WriteMode.Upsert => $"{insert} on conflict ({string.Join(", ", keys)}) " + (values.Count == 0 ? "do nothing" : $"do update set {string.Join(", ", values.Select(value => $"{value} = excluded.{value}"))}"),
            WriteMode.Update => $"update {table} set {string.Join(", ", values.Select((value, i) => $"{value} = {Place(keys.Count + i)}"))} where {matches}",
            WriteMode.Delete => $"delete from {table} where {matches}",
            _ => insert,
        };
    }

    private static string Place(int index) => "$" + (index + 1).ToString(CultureInfo.InvariantCulture);
}
