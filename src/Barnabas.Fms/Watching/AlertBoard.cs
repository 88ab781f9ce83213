using System.Globalization;
using System.Text;
using System.Text.Json;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Figures;

namespace Barnabas.Fms.Watching;

/// <summary>What came out of the analyser so far, by device. For one thread; no clock.</summary>
/// <param name="liveSinceMs">Records from before are history, whose delays say nothing.</param>
internal sealed class AlertBoard(long liveSinceMs)
{
    private const int MostDevices = 1_000;

    private readonly SortedDictionary<int, DeviceRow> _rows = [];

    public IReadOnlyCollection<DeviceRow> Rows => _rows.Values;

    public long Readings { get; private set; }

    public long Critical { get; private set; }

    public long Unreadable { get; private set; }

    /// <summary>From a reading's record to its alert's arrival here.</summary>
    public LatencyHistogram Delays { get; } = new();

    /// <summary>Takes a record; null where it is none of the analyser's, or there are too many devices to show.</summary>
    public DeviceRow? Take(ReadOnlySpan<byte> value, long timestampMs, long nowMs)
    {
        if (!AlertParser.TryParse(value, onlySource: false, out var alert))
        {
            Unreadable++;
            return null;
        }

        Readings++;
        if (alert.IsCritical)
            Critical++;
        if (timestampMs >= liveSinceMs)
            Delays.Add(Math.Max(0, nowMs - timestampMs));
        if (!_rows.TryGetValue(alert.DeviceId, out var row))
        {
            if (_rows.Count == MostDevices)
                return null;
            _rows[alert.DeviceId] = row = new DeviceRow { DeviceId = alert.DeviceId };
        }

        row.Readings++;
        row.Critical += alert.IsCritical ? 1 : 0;
        (row.IsCritical, row.IsFail, row.Averages) = (alert.IsCritical, alert.IsFail, alert.Averages);
        row.Time = Encoding.UTF8.GetString(value[alert.Time]).Trim('"');
        row.Alerts = TextOf(value[alert.Alerts]);
        return row;
    }

    private static string TextOf(ReadOnlySpan<byte> alertsJson)
    {
        if (alertsJson.Length <= 2)
            return "";
        using var list = JsonDocument.Parse(alertsJson.ToArray());
        return string.Join(", ", list.RootElement.EnumerateArray().Select(alert => string.Create(
            CultureInfo.InvariantCulture, $"{alert.GetProperty("name")} {alert.GetProperty("value").GetDouble():0.#} > {alert.GetProperty("threshold").GetDouble():0.#}")));
    }
}
