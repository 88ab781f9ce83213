using System.Globalization;
using System.Net;
using System.Text;

namespace Barnabas.Bench.Results;

/// <summary>One bar per figure: the ratio Barnabas : Apache Kafka on a logarithmic scale from 1/16 to 16, coloured by whether the goal is met.</summary>
internal sealed record RatioChart(string Name, string Title, IReadOnlyList<Series> Series)
{
    private const int LabelWidth = 400;
    private const int BarsWidth = 480;
    private const int LineHeight = 20;
    private const int Head = 30;
    private const double Octaves = 4;

    public static IEnumerable<RatioChart> AllOf(ResultSet results) => results.Series
        .Where(s => s.Ratio is > 0)
        .GroupBy(s => s.Row.Split('/')[0])
        .Select(g => new RatioChart(g.Key, $"{g.Key}: Barnabas / Apache Kafka", [.. g]));

    public string ToSvg()
    {
        var height = Head + (Series.Count * LineHeight) + 10;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{LabelWidth + BarsWidth + 60}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        foreach (var mark in (double[])[1 / 8.0, 1 / 4.0, 1 / 2.0, 1, 2, 4, 8])
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(mark):F0}\" y1=\"{Head - 5}\" x2=\"{X(mark):F0}\" y2=\"{height - 5}\" stroke=\"{(mark == 1 ? "#333" : "#ddd")}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(mark):F0}\" y=\"{Head - 10}\" text-anchor=\"middle\" fill=\"#555\">{mark:0.###}</text>\n");
        }
        for (var i = 0; i < Series.Count; i++)
            Bar(svg, Series[i], Head + (i * LineHeight));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Bar(StringBuilder svg, Series series, int y)
    {
        var ratio = series.Ratio!.Value;
        var (from, to) = (Math.Min(X(1), X(ratio)), Math.Max(X(1), X(ratio)));
        var colour = series.IsMet switch { true => "#2a8f4e", false => "#c0392b", null => "#7f8c8d" };
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 8}\" y=\"{y + 13}\" text-anchor=\"end\">{WebUtility.HtmlEncode($"{series.Row} {series.Figure.Name}")}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{from:F1}\" y=\"{y + 3}\" width=\"{Math.Max(1, to - from):F1}\" height=\"{LineHeight - 6}\" fill=\"{colour}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{to + 4:F1}\" y=\"{y + 13}\">{ratio:F2}</text>\n");
    }

    private static double X(double ratio) => LabelWidth + (BarsWidth * (Math.Clamp(Math.Log2(ratio), -Octaves, Octaves) + Octaves) / (2 * Octaves));
}
