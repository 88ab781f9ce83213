using System.Globalization;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Rows;

namespace Barnabas.Bench.Results;

/// <summary>The texts of one line of the table, the same on the console and in Markdown.</summary>
internal static class Cells
{
    public static readonly string[] Heads = ["work", "figure", "unit", "Barnabas", "Apache Kafka", "ratio", "goal", "", "of the machine's limit"];

    public static string[] Of(Series series, MachineLimits limits) =>
    [
        series.Row, series.Figure.Name, series.Figure.Unit, Text(series.Barnabas), Text(series.Kafka),
        series.Ratio is { } ratio ? ratio.ToString("F2", CultureInfo.InvariantCulture) : "",
        series.Figure.Goal is { } goal ? Text(goal) : "",
        series.IsMet switch { true => "met", false => "MISSED", null => "" },
        Limit(series, limits),
    ];

    public static string Number(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.ToString("F3", CultureInfo.InvariantCulture),
    };

    private static string Text(Summary? summary) =>
        summary is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Number(summary.Median)} ±{summary.Spread * 100:F0}%");

    private static string Text(Goal goal) => string.Create(CultureInfo.InvariantCulture, $"{(goal.AtLeast ? ">=" : "<=")} {goal.Ratio:0.##}");

    private static string Limit(Series series, MachineLimits limits)
    {
        if (series.Figure.Limit is not { } limit || series.Barnabas is not { } ours)
            return "";
        return MachineLimits.UnitOf(limit) == "ms"
            ? string.Create(CultureInfo.InvariantCulture, $"{ours.Median / limits[limit]:F1} x {limit}")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * ours.Median / limits[limit]:F0} % of {limit}");
    }
}
