using System.Globalization;
using System.Numerics;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>How values of Connect's types are written as PostgreSQL's types in a binary COPY.</summary>
internal static class CopyEncoders
{
    private const int NumericBase = 10_000;
    private const int NumericDigits = 4;
    private const short Negative = 0x4000;
    private const byte JsonbVersion = 1;

    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The encoder of one of the types that <see cref="PostgreSqlWriter"/> writes.</summary>
    public static CopyEncoder For(string type) => type switch
    {
        "smallint" => (rows, value, _) => rows.Int16(value is short number ? number : Convert.ToInt16(value, CultureInfo.InvariantCulture)),
        "integer" => (rows, value, _) => rows.Int32(value is int number ? number : Convert.ToInt32(value, CultureInfo.InvariantCulture)),
        "bigint" => (rows, value, _) => rows.Int64(value is long number ? number : Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        "real" => (rows, value, _) => rows.Single(value is float number ? number : Convert.ToSingle(PostgreSqlValues.Number(value), CultureInfo.InvariantCulture)),
        "double precision" => (rows, value, _) => rows.Double(value is double number ? number : Convert.ToDouble(PostgreSqlValues.Number(value), CultureInfo.InvariantCulture)),
        "numeric" => (rows, value, _) => Numeric(rows, value is BigDecimal number ? number : BigDecimal.Parse(ValueText.Of(value))),
        "boolean" => (rows, value, _) => rows.Byte(PostgreSqlValues.Flag(value) ? (byte)1 : (byte)0),
        "bytea" => (rows, value, _) => rows.Bytes((byte[])value),
        "date" => (rows, value, _) => rows.Int32((int)((PostgreSqlValues.Instant(value).Date - Epoch).Ticks / TimeSpan.TicksPerDay)),
        "time" => (rows, value, _) => rows.Int64(PostgreSqlValues.Instant(value).TimeOfDay.Ticks / TimeSpan.TicksPerMicrosecond),
        "timestamp" => (rows, value, zone) => rows.Int64(Microseconds(PostgreSqlValues.Local(value, zone))),
        "timestamptz" => (rows, value, _) => rows.Int64(Microseconds(PostgreSqlValues.Instant(value))),
        "uuid" => (rows, value, _) => rows.Uuid(Guid.Parse(ValueText.Of(value))),
        "jsonb" => Jsonb,
        _ => (rows, value, _) => rows.Text(ValueText.Of(value)),
    };

    private static long Microseconds(DateTime instant) => (instant.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static void Jsonb(CopyRows rows, object value, TimeZoneInfo zone)
    {
        rows.Byte(JsonbVersion);
        rows.Text(ValueText.Of(value));
    }

    // Groups of four digits, the point between two groups: their number, the weight of the first, sign, digits behind the point.
    private static void Numeric(CopyRows rows, BigDecimal number)
    {
        if (number.Scale < 0) number = number.WithScale(0);
        var fill = (NumericDigits - (number.Scale % NumericDigits)) % NumericDigits;
        var rest = BigInteger.Abs(number.Unscaled) * BigInteger.Pow(10, fill);
        var groups = new List<short>();
        while (!rest.IsZero)
        {
            rest = BigInteger.DivRem(rest, NumericBase, out var group);
            groups.Add((short)group);
        }

        var weight = groups.Count - ((number.Scale + fill) / NumericDigits) - 1;
        rows.Int16(checked((short)groups.Count));
        rows.Int16(checked((short)weight));
        rows.Int16(number.Unscaled.Sign < 0 ? Negative : (short)0);
        rows.Int16(checked((short)number.Scale));
        for (var i = groups.Count - 1; i >= 0; i--) rows.Int16(groups[i]);
    }
}
