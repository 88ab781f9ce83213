using System.Globalization;
using System.Text;
using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Watching;

/// <summary>Puts a board into text: a table for a terminal, a line for everything else.</summary>
internal static class BoardText
{
    private const string Red = "\e[1;31m";
    private const string Green = "\e[32m";
    private const string Dim = "\e[2m";
    private const string Plain = "\e[0m";
    private const string ToLineEnd = "\e[K";

    // A line that is too long for the terminal is cut off: wrapped, the table would have more lines than it knows of.
    private const string CutOff = "\e[?7l";
    private const string Wrap = "\e[?7h";

    /// <summary>One reading of a device.</summary>
    public static string Line(DeviceRow row)
    {
        var text = new StringBuilder(160);
        text.Append(CultureInfo.InvariantCulture, $"{row.Time}  device {row.DeviceId}  {(row.IsCritical ? "CRITICAL" : "NORMAL  ")} ");
        Averages(text, row);
        if (row.IsFail)
            text.Append("  FAILED");
        if (row.Alerts.Length > 0)
            text.Append("  ").Append(row.Alerts);
        return text.ToString();
    }

    /// <summary>How much came and how fast.</summary>
    public static string Summary(AlertBoard board, double perSecond) => string.Create(
        CultureInfo.InvariantCulture,
        $"{board.Readings:N0} readings, {board.Critical:N0} critical, {perSecond:N1}/s, delay p50 {board.Delays.Percentile(0.5)} ms, p99 {board.Delays.Percentile(0.99)} ms");

    /// <summary>The whole board for a terminal whose cursor stands at its beginning.</summary>
    public static string Table(AlertBoard board, string topic, double perSecond, int mostRows)
    {
        var text = new StringBuilder(2048);
        text.Append(CultureInfo.InvariantCulture, $"{CutOff}Factory monitor on {topic}: {Summary(board, perSecond)}{ToLineEnd}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Dim}{"device",-8}{"status",-10}");
        foreach (var name in Measures.Names)
            text.Append(CultureInfo.InvariantCulture, $"{name,9}");
        text.Append(CultureInfo.InvariantCulture, $"{"readings",10}{"critical",10}  alerts{Plain}{ToLineEnd}\n");
        foreach (var row in board.Rows.Take(mostRows))
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.DeviceId,-8}{(row.IsCritical ? Red : Green)}{(row.IsCritical ? "CRITICAL" : "NORMAL"),-10}{Plain}");
            for (var at = 0; at < Measures.Count; at++)
                text.Append(CultureInfo.InvariantCulture, $"{row.Averages[at],9:0.0}");
            text.Append(CultureInfo.InvariantCulture, $"{row.Readings,10:N0}{row.Critical,10:N0}  {(row.IsFail ? "FAILED " : "")}{row.Alerts}{ToLineEnd}\n");
        }

        return text.Append(Wrap).ToString();
    }

    private static void Averages(StringBuilder text, DeviceRow row)
    {
        for (var at = 0; at < Measures.Count; at++)
            text.Append(CultureInfo.InvariantCulture, $" {Measures.Names[at]} {row.Averages[at]:0.0}");
    }
}
