using System.Globalization;
using System.Numerics;

namespace Barnabas.Connect.Data;

/// <summary>
/// Kafka Connect's logical types: named schemas over a plain type. Their values are <see cref="BigDecimal"/> and
/// <see cref="DateTime"/> in UTC (a date at midnight, a time on 1970-01-01).
/// </summary>
public static class LogicalTypes
{
    /// <summary>Decimal's name: bytes of a big-endian two's complement number, its scale a parameter.</summary>
    public const string Decimal = "org.apache.kafka.connect.data.Decimal";

    /// <summary>Date's name: days since 1970.</summary>
    public const string Date = "org.apache.kafka.connect.data.Date";

    /// <summary>Time's name: milliseconds since midnight.</summary>
    public const string Time = "org.apache.kafka.connect.data.Time";

    /// <summary>Timestamp's name: milliseconds since 1970.</summary>
    public const string Timestamp = "org.apache.kafka.connect.data.Timestamp";

    private const string ScaleParameter = "scale";

    /// <summary>The schema of a date.</summary>
    public static Schema DateSchema { get; } = DateBuilder().Build();

    /// <summary>The schema of a time of day.</summary>
    public static Schema TimeSchema { get; } = TimeBuilder().Build();

    /// <summary>The schema of an instant.</summary>
    public static Schema TimestampSchema { get; } = TimestampBuilder().Build();

    /// <summary>A date.</summary>
    public static SchemaBuilder DateBuilder() => SchemaBuilder.OfType(SchemaType.Int32).Named(Date).OfVersion(1);

    /// <summary>A time of day.</summary>
    public static SchemaBuilder TimeBuilder() => SchemaBuilder.OfType(SchemaType.Int32).Named(Time).OfVersion(1);

    /// <summary>An instant.</summary>
    public static SchemaBuilder TimestampBuilder() => SchemaBuilder.OfType(SchemaType.Int64).Named(Timestamp).OfVersion(1);

    /// <summary>A decimal of a fixed scale.</summary>
    public static SchemaBuilder DecimalBuilder(int scale) =>
        SchemaBuilder.OfType(SchemaType.Bytes).Named(Decimal).OfVersion(1).Parameter(ScaleParameter, scale.ToString(CultureInfo.InvariantCulture));

    /// <summary>The scale of a decimal's schema.</summary>
    /// <exception cref="DataException">It has none, or no number.</exception>
    public static int ScaleOf(Schema schema)
    {
        if (!schema.Parameters.TryGetValue(ScaleParameter, out var text))
            throw new DataException("Invalid Decimal schema: scale parameter not found.");
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var scale) && Math.Abs((long)scale) <= BigDecimal.MaxScale
            ? scale
            : throw new DataException("Invalid scale parameter found in Decimal schema: " + text);
    }

    internal static bool IsLogical(Schema schema) => schema.Name is Decimal or Date or Time or Timestamp;

    internal static byte[] ToBytes(BigDecimal value, Schema schema) =>
        value.Scale == ScaleOf(schema)
            ? value.Unscaled.ToByteArray(isBigEndian: true)
            : throw new DataException($"Decimal value has mismatching scale for given Decimal schema. Schema has scale {ScaleOf(schema)}, value has scale {value.Scale}.");

    internal static BigDecimal FromBytes(ReadOnlySpan<byte> bytes, Schema schema) => new(new BigInteger(bytes, isBigEndian: true), ScaleOf(schema));

    internal static int ToDays(DateTime value) =>
        value.TimeOfDay == TimeSpan.Zero
            ? (int)(value - DateTime.UnixEpoch).TotalDays
            : throw new DataException("Kafka Connect Date type should not have any time fields set to non-zero values.");

    internal static DateTime FromDays(int days) => Checked(days * TimeSpan.TicksPerDay, days is > -1_000_000 and < 4_000_000, "date", days);

    internal static int ToMillisecondsOfDay(DateTime value)
    {
        var since = (long)(value - DateTime.UnixEpoch).TotalMilliseconds;
        return since is >= 0 and <= 86_400_000
            ? (int)since
            : throw new DataException("Kafka Connect Time type should not have any date fields set to non-zero values.");
    }

    internal static DateTime FromMillisecondsOfDay(int milliseconds) =>
        milliseconds is >= 0 and <= 86_400_000
            ? DateTime.UnixEpoch.AddMilliseconds(milliseconds)
            : throw new DataException("Time values must use number of milliseconds greater than 0 and less than 86400000");

    internal static long ToMilliseconds(DateTime value) => (value - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    internal static DateTime FromMilliseconds(long milliseconds) => Checked(
        unchecked(milliseconds * TimeSpan.TicksPerMillisecond), milliseconds is > -100_000_000_000_000 and < 400_000_000_000_000, "timestamp", milliseconds);

    private static DateTime Checked(long ticks, bool isNear, string what, long value)
    {
        var all = DateTime.UnixEpoch.Ticks + ticks;
        return isNear && all >= 0 && all <= DateTime.MaxValue.Ticks
            ? new DateTime(all, DateTimeKind.Utc)
            : throw new DataException($"A {what} of {value} is outside the years 1 to 9999.");
    }
}
