using System.Data.Common;
using System.Globalization;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>SQLite's declared types as Connect's, and back. Values are read as the column says, whatever they are stored as.</summary>
internal static class SqliteTypes
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff";

    public static RowReader ReaderFor(DbDataReader reader, string schemaName, IReadOnlySet<string> required, TimeZoneInfo zone)
    {
        var builder = SchemaBuilder.Struct().Named(schemaName);
        var columns = new List<Func<DbDataReader, object>>();
        for (var at = 0; at < reader.FieldCount; at++)
        {
            var (schema, read) = Column(reader.GetDataTypeName(at).ToUpperInvariant(), at, zone);
            builder.Field(reader.GetName(at), schema.Optional(!required.Contains(reader.GetName(at))).Build());
            columns.Add(read);
        }

        return new RowReader(builder.Build(), columns);
    }

    /// <exception cref="ConnectException">SQLite has no type for it.</exception>
    public static string TypeFor(Schema schema) => schema.Name switch
    {
        LogicalTypes.Decimal => "NUMERIC",
        LogicalTypes.Date => "DATE",
        LogicalTypes.Time => "TIME",
        LogicalTypes.Timestamp => "TIMESTAMP",
        _ => schema.Type switch
        {
            SchemaType.Int8 or SchemaType.Int16 or SchemaType.Int32 or SchemaType.Int64 => "INTEGER",
            SchemaType.Float32 or SchemaType.Float64 => "REAL",
            SchemaType.Boolean => "BOOLEAN",
            SchemaType.String => "TEXT",
            SchemaType.Bytes => "BLOB",
            _ => throw new ConnectException($"type {schema.Type} of field is not supported by SQLite; flatten it by a transform, or leave it out by fields.whitelist"),
        },
    };

    /// <summary>A value as it is stored.</summary>
    public static object Stored(object value, Schema schema, TimeZoneInfo zone) => value switch
    {
        DateTime date when schema.Name == LogicalTypes.Date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time when schema.Name == LogicalTypes.Time => time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        DateTime instant => TextOf(instant, zone),
        BigDecimal number => number.ToPlainString(),
        bool flag => flag ? 1L : 0L,
        sbyte or short or int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float or double => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        byte[] bytes => bytes,
        _ => ValueText.Of(value),
    };

    public static string TextOf(DateTime instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(instant, DateTimeKind.Utc), zone).ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <exception cref="DataException">It is no time.</exception>
    public static DateTime Parse(string text, TimeZoneInfo zone)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) throw new DataException($"'{text}' is not a time as SQLite writes it.");
        return local.Kind == DateTimeKind.Unspecified ? TimeZoneInfo.ConvertTimeToUtc(local, zone) : local.ToUniversalTime();
    }

    private static (SchemaBuilder Schema, Func<DbDataReader, object> Read) Column(string type, int at, TimeZoneInfo zone)
    {
        if (type.StartsWith("BOOL", StringComparison.Ordinal)) return (SchemaBuilder.OfType(SchemaType.Boolean), reader => reader.GetInt64(at) != 0);
        if (type is "DATE") return (LogicalTypes.DateBuilder(), reader => Parse(reader.GetString(at), TimeZoneInfo.Utc).Date);
        if (type is "TIME") return (LogicalTypes.TimeBuilder(), reader => DateTime.UnixEpoch + Parse("1970-01-01 " + reader.GetString(at), TimeZoneInfo.Utc).TimeOfDay);
        if (type.StartsWith("TIMESTAMP", StringComparison.Ordinal) || type.StartsWith("DATETIME", StringComparison.Ordinal))
            return (LogicalTypes.TimestampBuilder(), reader => Parse(reader.GetString(at), zone));
        // The rules of SQLite's type affinity, in their order.
        if (type.Contains("INT", StringComparison.Ordinal)) return (SchemaBuilder.OfType(SchemaType.Int64), reader => reader.GetInt64(at));
        if (type.Contains("CHAR", StringComparison.Ordinal) || type.Contains("CLOB", StringComparison.Ordinal) || type.Contains("TEXT", StringComparison.Ordinal))
            return (SchemaBuilder.OfType(SchemaType.String), reader => reader.GetString(at));
        if (type.Contains("BLOB", StringComparison.Ordinal)) return (SchemaBuilder.OfType(SchemaType.Bytes), reader => reader.GetFieldValue<byte[]>(at));
        if (type.Contains("REAL", StringComparison.Ordinal) || type.Contains("FLOA", StringComparison.Ordinal) || type.Contains("DOUB", StringComparison.Ordinal))
            return (SchemaBuilder.OfType(SchemaType.Float64), reader => reader.GetDouble(at));
        return (SchemaBuilder.OfType(SchemaType.String), reader => reader.GetString(at));
    }
}
