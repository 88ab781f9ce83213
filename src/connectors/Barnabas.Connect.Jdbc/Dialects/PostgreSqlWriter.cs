using System.Data.Common;
using System.Globalization;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Npgsql;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>
/// Writes rows by one statement for all of them: each column goes as an array, which PostgreSQL unnests. New rows of
/// plain types go by COPY.
/// </summary>
internal sealed class PostgreSqlWriter(PostgreSqlDialect dialect, NpgsqlConnection connection, TableWrite write, TimeZoneInfo zone) : IRowWriter
{
    private readonly List<object?[]> _rows = [];
    private readonly Column[] _columns = [.. write.Columns.Select(column => Column.Of(column, dialect))];

    public void Add(object?[] values) => _rows.Add(values);

    public async Task FlushAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (_rows.Count == 0) return;
        if (write.Mode == WriteMode.Insert && Array.TrueForAll(_columns, column => column.Cast.Length == 0)) await CopyAsync(cancellationToken);
        else await ExecuteAsync((NpgsqlTransaction)transaction, cancellationToken);
        _rows.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _rows.Clear();
        return ValueTask.CompletedTask;
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        var names = string.Join(", ", write.Columns.Select(column => dialect.Quote(column.Name)));
        await using var stream = await connection.BeginRawBinaryCopyAsync($"COPY {dialect.Quote(write.Table)} ({names}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        try
        {
            using var rows = new CopyRows();
            foreach (var row in _rows)
            {
                rows.BeginRow(_columns.Length);
                for (var i = 0; i < _columns.Length; i++)
                {
                    if (row[i] is { } value) rows.Field(_columns[i].Encode, value, zone);
                    else rows.Null();
                }

                if (rows.IsFull) await rows.WriteAsync(stream, cancellationToken);
            }

            rows.End();
            await rows.WriteAsync(stream, cancellationToken);
        }
        catch
        {
            // Disposing would end it as if it were whole.
            await stream.CancelAsync();
            throw;
        }
    }

    private async Task ExecuteAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Statement(), connection, transaction);
        for (var i = 0; i < _columns.Length; i++)
        {
            var values = new object?[_rows.Count];
            for (var row = 0; row < values.Length; row++) values[row] = _columns[i].Convert(_rows[row][i], zone);
            command.Parameters.Add(new NpgsqlParameter { Value = _columns[i].ToArray(values), DataTypeName = _columns[i].DbTypeName + "[]" });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private string Statement()
    {
        var table = dialect.Quote(write.Table);
        var all = write.Columns.Select(column => dialect.Quote(column.Name)).ToList();
        var keys = write.Keys.Select(column => dialect.Quote(column.Name)).ToList();
        var values = write.Values.Select(column => dialect.Quote(column.Name)).ToList();
        var rows = $"unnest({string.Join(", ", _columns.Select((column, i) => $"${i + 1}::{column.DbTypeName}[]"))}) as r({string.Join(", ", all)})";
        var matches = string.Join(" and ", keys.Zip(_columns, (key, column) => $"t.{key} = r.{key}{column.Cast}"));
        return write.Mode switch
        {
            WriteMode.Upsert => $"insert into {table} ({string.Join(", ", all)}) select {string.Join(", ", all.Zip(_columns, (name, column) => $"r.{name}{column.Cast}"))} from {rows} on conflict ({string.Join(", ", keys)}) "
                + (values.Count == 0 ? "do nothing" : $"do update set {string.Join(", ", values.Select(value => $"{value} = excluded.{value}"))}"),
            WriteMode.Update => $"update {table} t set {string.Join(", ", values.Zip(_columns.Skip(keys.Count), (value, column) => $"{value} = r.{value}{column.Cast}"))} from {rows} where {matches}",
            WriteMode.Delete => $"delete from {table} t using {rows} where {matches}",
            _ => $"insert into {table} ({string.Join(", ", all)}) select {string.Join(", ", all.Zip(_columns, (name, column) => $"r.{name}{column.Cast}"))} from {rows}",
        };
    }

    private sealed record Column(string DbTypeName, Func<object, TimeZoneInfo, object> Read, Type ElementType)
    {
        /// <summary>Turns text into a type of which there is no array of values, such as an enum.</summary>
        public string Cast { get; init; } = "";

        /// <summary>Writes a value as COPY has it.</summary>
        public CopyEncoder Encode { get; } = CopyEncoders.For(DbTypeName);

        public object? Convert(object? value, TimeZoneInfo zone) => value is null ? null : Read(value, zone);

        public Array ToArray(object?[] values)
        {
            var array = Array.CreateInstance(ElementType.IsValueType ? typeof(Nullable<>).MakeGenericType(ElementType) : ElementType, values.Length);
            for (var i = 0; i < values.Length; i++) array.SetValue(values[i], i);
            return array;
        }

        public static Column Of(WriteColumn column, PostgreSqlDialect dialect)
        {
            // The column's own type decides where it is one that takes text; else the schema's.
            var type = column.TypeName ?? dialect.TypeFor(column.Schema).ToLowerInvariant();
            return type switch
            {
                "int2" or "smallint" => new("smallint", (value, _) => System.Convert.ToInt16(value, CultureInfo.InvariantCulture), typeof(short)),
                "int4" or "int" or "integer" => new("integer", (value, _) => System.Convert.ToInt32(value, CultureInfo.InvariantCulture), typeof(int)),
                "int8" or "bigint" => new("bigint", (value, _) => System.Convert.ToInt64(value, CultureInfo.InvariantCulture), typeof(long)),
                "float4" or "real" => new("real", (value, _) => System.Convert.ToSingle(PostgreSqlValues.Number(value), CultureInfo.InvariantCulture), typeof(float)),
                "float8" or "double precision" => new("double precision", (value, _) => System.Convert.ToDouble(PostgreSqlValues.Number(value), CultureInfo.InvariantCulture), typeof(double)),
                "numeric" or "decimal" => new("numeric", (value, _) => decimal.Parse(ValueText.Of(value is BigDecimal number ? number.ToPlainString() : value), NumberStyles.Float, CultureInfo.InvariantCulture), typeof(decimal)),
                "bool" or "boolean" => new("boolean", (value, _) => PostgreSqlValues.Flag(value), typeof(bool)),
                "bytea" => new("bytea", (value, _) => (byte[])value, typeof(byte[])),
                "date" => new("date", (value, _) => DateOnly.FromDateTime(PostgreSqlValues.Instant(value)), typeof(DateOnly)),
                "time" => new("time", (value, _) => PostgreSqlValues.Instant(value).TimeOfDay, typeof(TimeSpan)),
                "timestamp" => new("timestamp", (value, zone) => PostgreSqlValues.Local(value, zone), typeof(DateTime)),
                "timestamptz" => new("timestamptz", (value, _) => PostgreSqlValues.Instant(value), typeof(DateTime)),
                "uuid" => new("uuid", (value, _) => Guid.Parse(ValueText.Of(value)), typeof(Guid)),
                "json" or "jsonb" => new(type, (value, _) => ValueText.Of(value), typeof(string)),
                "text" or "varchar" or "bpchar" or "name" => new("text", (value, _) => ValueText.Of(value), typeof(string)),
                _ when column.Schema.Type == SchemaType.Array => new("text", (value, _) => ArrayLiteral((IReadOnlyList<object?>)value), typeof(string)) { Cast = "::" + type },
                _ => new("text", (value, _) => ValueText.Of(value), typeof(string)) { Cast = "::" + dialect.Quote(type) },
            };
        }

        private static string ArrayLiteral(IReadOnlyList<object?> values) => "{" + string.Join(',', values.Select(value => value is null
            ? "NULL"
            : "\"" + ValueText.Of(value).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"")) + "}";
    }
}
