using System.Globalization;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>Connect's values as the types of PostgreSQL's columns want them.</summary>
internal static class PostgreSqlValues
{
    public static object Number(object value) => value is BigDecimal number ? number.ToDouble() : value;

    public static bool Flag(object value) => value is bool flag ? flag : Convert.ToInt64(value, CultureInfo.InvariantCulture) != 0;

    public static DateTime Instant(object value) => value switch
    {
        DateTime instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc),
        long milliseconds => DateTime.UnixEpoch.AddMilliseconds(milliseconds),
        int days => DateTime.UnixEpoch.AddDays(days),
        _ => DateTime.Parse(ValueText.Of(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
    };

    /// <summary>As the clocks of db.timezone show it.</summary>
    public static DateTime Local(object value, TimeZoneInfo zone)
    {
        var instant = Instant(value);
        return DateTime.SpecifyKind(ReferenceEquals(zone, TimeZoneInfo.Utc) ? instant : TimeZoneInfo.ConvertTimeFromUtc(instant, zone), DateTimeKind.Unspecified);
    }
}
