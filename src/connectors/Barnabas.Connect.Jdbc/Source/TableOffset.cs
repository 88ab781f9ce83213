namespace Barnabas.Connect.Jdbc.Source;

/// <summary>Where reading a table goes on.</summary>
/// <param name="Incrementing">The largest number read; null for none.</param>
/// <param name="Timestamp">The latest time read, in UTC; null for none.</param>
internal sealed record TableOffset(long? Incrementing, DateTime? Timestamp)
{
    private const string IncrementingField = "incrementing";
    private const string TimestampField = "timestamp";
    private const string NanosField = "timestamp_nanos";

    public Dictionary<string, object?> ToMap()
    {
        var map = new Dictionary<string, object?>();
        if (Timestamp is { } time)
        {
            map[TimestampField] = (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
            map[NanosField] = (time.Ticks % TimeSpan.TicksPerSecond) * 100;
        }

        if (Incrementing is { } number) map[IncrementingField] = number;
        return map;
    }

    public static TableOffset Of(IReadOnlyDictionary<string, object?>? map)
    {
        if (map is null) return new TableOffset(null, null);
        DateTime? time = map.GetValueOrDefault(TimestampField) is long milliseconds ? DateTime.UnixEpoch.AddMilliseconds(milliseconds) : null;
        if (time is { } known && map.GetValueOrDefault(NanosField) is long nanos)
            time = known.AddTicks(-(known.Ticks % TimeSpan.TicksPerSecond)).AddTicks(nanos / 100);
        return new TableOffset(map.GetValueOrDefault(IncrementingField) as long?, time);
    }
}
