using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Npgsql;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>PostgreSQL's types as Connect's, and back.</summary>
internal static class PostgreSqlTypes
{
    private const int MaxIntegerDigits = 18;

    public static RowReader ReaderFor(NpgsqlDataReader reader, string schemaName, NumericMapping mapping, IReadOnlySet<string> required, TimeZoneInfo zone)
    {
        var builder = SchemaBuilder.Struct().Named(schemaName);
        var columns = new List<Func<DbDataReader, object>>();
        foreach (var column in reader.GetColumnSchema())
        {
            var type = Column(column, mapping, zone);
            builder.Field(column.ColumnName, type.Schema.Optional(!required.Contains(column.ColumnName)).Build());
            columns.Add(type.Read);
        }

        return new RowReader(builder.Build(), columns);
    }

    /// <exception cref="ConnectException">PostgreSQL has no type for it.</exception>
    public static string TypeFor(Schema schema)
    {
        switch (schema.Name)
        {
            case LogicalTypes.Decimal: return "DECIMAL";
            case LogicalTypes.Date: return "DATE";
            case LogicalTypes.Time: return "TIME";
            case LogicalTypes.Timestamp: return "TIMESTAMP";
        }

        return schema.Type switch
        {
            SchemaType.Int8 or SchemaType.Int16 => "SMALLINT",
            SchemaType.Int32 => "INT",
            SchemaType.Int64 => "BIGINT",
            SchemaType.Float32 => "REAL",
            SchemaType.Float64 => "DOUBLE PRECISION",
            SchemaType.Boolean => "BOOLEAN",
            SchemaType.String => "TEXT",
            SchemaType.Bytes => "BYTEA",
            SchemaType.Array when schema.ValueSchema is { } element => TypeFor(element) + "[]",
            _ => throw new ConnectException($"(STRUCT), type {schema.Type} of field is not supported by PostgreSQL; flatten it by a transform, or leave it out by fields.whitelist"),
        };
    }

    private static ColumnType Column(Npgsql.Schema.NpgsqlDbColumn column, NumericMapping mapping, TimeZoneInfo zone)
    {
        var at = column.ColumnOrdinal!.Value;
        var name = column.PostgresType.Name;
        switch (name)
        {
            case "smallint": return new(SchemaBuilder.OfType(SchemaType.Int16), reader => reader.GetInt16(at));
            case "integer": return new(SchemaBuilder.OfType(SchemaType.Int32), reader => reader.GetInt32(at));
            case "bigint": return new(SchemaBuilder.OfType(SchemaType.Int64), reader => reader.GetInt64(at));
            case "oid" or "xid" or "cid": return new(SchemaBuilder.OfType(SchemaType.Int64), reader => (long)reader.GetFieldValue<uint>(at));
            case "real": return new(SchemaBuilder.OfType(SchemaType.Float32), reader => reader.GetFloat(at));
            case "double precision": return new(SchemaBuilder.OfType(SchemaType.Float64), reader => reader.GetDouble(at));
            case "money": return Number(at, 19, 2, mapping);
            case "numeric": return Number(at, column.NumericPrecision, column.NumericPrecision is null ? null : column.NumericScale, mapping);
            case "boolean": return new(SchemaBuilder.OfType(SchemaType.Boolean), reader => reader.GetBoolean(at));
            case "bytea": return new(SchemaBuilder.OfType(SchemaType.Bytes), reader => reader.GetFieldValue<byte[]>(at));
            case "date": return new(LogicalTypes.DateBuilder(), reader => reader.GetFieldValue<DateOnly>(at).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
            case "time without time zone": return new(LogicalTypes.TimeBuilder(), reader => DateTime.UnixEpoch + Milliseconds(reader.GetFieldValue<TimeSpan>(at)));
            case "time with time zone": return new(LogicalTypes.TimeBuilder(), reader => DateTime.UnixEpoch + Milliseconds(reader.GetFieldValue<DateTimeOffset>(at).UtcDateTime.TimeOfDay));
            case "timestamp with time zone": return new(LogicalTypes.TimestampBuilder(), reader => reader.GetFieldValue<DateTime>(at).ToUniversalTime());
            case "timestamp without time zone": return new(LogicalTypes.TimestampBuilder(), reader => ToUtc(reader.GetFieldValue<DateTime>(at), zone));
            case "character varying" or "text" or "character" or "name" or "json" or "jsonb" or "xml" or "citext":
                return new(SchemaBuilder.OfType(SchemaType.String), reader => reader.GetString(at));
            case "uuid": return new(SchemaBuilder.OfType(SchemaType.String), reader => reader.GetGuid(at).ToString("D"));
        }

        return column.PostgresType switch
        {
            Npgsql.PostgresTypes.PostgresArrayType array => Array(at, array.Element.Name, zone),
            Npgsql.PostgresTypes.PostgresEnumType => new(SchemaBuilder.OfType(SchemaType.String), reader => reader.GetString(at)),
            _ => new(SchemaBuilder.OfType(SchemaType.String), reader => TextOf(reader.GetValue(at))),
        };
    }

    // Numbers without a fixed scale become text, which loses nothing, unless doubles are asked for.
    private static ColumnType Number(int at, int? precision, int? scale, NumericMapping mapping)
    {
        if (precision is null || scale is null)
        {
            return mapping == NumericMapping.BestFitEagerDouble
                ? new(SchemaBuilder.OfType(SchemaType.Float64), reader => Decimal(reader, at).ToDouble())
                : new(SchemaBuilder.OfType(SchemaType.String), reader => Decimal(reader, at).ToPlainString());
        }

        if (mapping != NumericMapping.None && scale < 1 && precision <= MaxIntegerDigits)
        {
            return precision switch
            {
                <= 2 => new(SchemaBuilder.OfType(SchemaType.Int8), reader => (sbyte)Decimal(reader, at).Unscaled),
                <= 4 => new(SchemaBuilder.OfType(SchemaType.Int16), reader => (short)Decimal(reader, at).Unscaled),
                <= 9 => new(SchemaBuilder.OfType(SchemaType.Int32), reader => (int)Decimal(reader, at).Unscaled),
                _ => new(SchemaBuilder.OfType(SchemaType.Int64), reader => (long)Decimal(reader, at).Unscaled),
            };
        }

        if (mapping is NumericMapping.BestFit or NumericMapping.BestFitEagerDouble && precision <= MaxIntegerDigits)
            return new(SchemaBuilder.OfType(SchemaType.Float64), reader => Decimal(reader, at).ToDouble());
        var digits = scale.Value;
        return new(LogicalTypes.DecimalBuilder(digits), reader => Decimal(reader, at).WithScale(digits));
    }

    private static ColumnType Array(int at, string element, TimeZoneInfo zone) => element switch
    {
        "smallint" => ArrayOf(at, SchemaType.Int16, value => value),
        "integer" => ArrayOf(at, SchemaType.Int32, value => value),
        "bigint" => ArrayOf(at, SchemaType.Int64, value => value),
        "real" => ArrayOf(at, SchemaType.Float32, value => value),
        "double precision" => ArrayOf(at, SchemaType.Float64, value => value),
        "boolean" => ArrayOf(at, SchemaType.Boolean, value => value),
        _ => ArrayOf(at, SchemaType.String, TextOf),
    };

    private static ColumnType ArrayOf(int at, SchemaType type, Func<object, object> read) => new(
        SchemaBuilder.Array(SchemaBuilder.OfType(type).Optional().Build()),
        reader => ((IEnumerable)reader.GetValue(at)).Cast<object?>().Select(value => value is null or DBNull ? null : read(value)).ToList());

    // .NET's decimal holds 28 digits; larger ones come as text.
    private static BigDecimal Decimal(DbDataReader reader, int at)
    {
        try
        {
            return Of(reader.GetDecimal(at));
        }
        catch (OverflowException)
        {
            return new BigDecimal(reader.GetFieldValue<System.Numerics.BigInteger>(at), 0);
        }
    }

    private static BigDecimal Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0xFF;
        var unscaled = new System.Numerics.BigInteger(value * Power(scale));
        return new BigDecimal(unscaled, scale);
    }

    private static decimal Power(int scale)
    {
        var power = 1m;
        for (var i = 0; i < scale; i++) power *= 10;
        return power;
    }

    private static DateTime ToUtc(DateTime local, TimeZoneInfo zone) =>
        ReferenceEquals(zone, TimeZoneInfo.Utc) || zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime
            ? DateTime.SpecifyKind(local, DateTimeKind.Utc)
            : TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), zone);

    private static TimeSpan Milliseconds(TimeSpan time) => TimeSpan.FromTicks(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond));

    private static object TextOf(object value) => value switch
    {
        string text => text,
        Guid id => id.ToString("D"),
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        BitArray bits => Bits(bits),
        bool flag => flag ? "1" : "0",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Bits(BitArray bits)
    {
        var text = new StringBuilder(bits.Length);
        foreach (bool bit in bits) text.Append(bit ? '1' : '0');
        return text.ToString();
    }

    private sealed record ColumnType(SchemaBuilder Schema, Func<DbDataReader, object> Read);
}
