using System.Globalization;
using System.Text;

namespace Barnabas.Bench.Results;

/// <summary>A run as a page: the table, the charts, what failed.</summary>
internal static class MarkdownPage
{
    public static string Of(ResultSet results, IReadOnlyList<(string Title, string File)> charts)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# Barnabas and Apache Kafka side by side, {results.Begun:yyyy-MM-dd HH:mm} UTC\n\n");
        page.Append(CultureInfo.InvariantCulture, $"One run, {results.RoundsDone} rounds, alternating, one broker at a time, {Environment.ProcessorCount} processors shared by load and broker.");
        page.Append(results.Options.Quick ? " A quick run: it shows that the bench works, not how fast anything is.\n\n" : "\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Limits of the machine, measured in the same run: {results.Limits}.\n\n");
        Line(page, Cells.Heads);
        Line(page, [.. Cells.Heads.Select(_ => "---")]);
        foreach (var series in results.Series)
            Line(page, Cells.Of(series, results.Limits));
        page.Append('\n');
        foreach (var (title, file) in charts)
            page.Append(CultureInfo.InvariantCulture, $"## {title}\n\n![{title}]({file})\n\n");
        foreach (var failure in results.Failures)
            page.Append(CultureInfo.InvariantCulture, $"- FAILED: {failure}\n");
        return page.ToString();
    }

    private static void Line(StringBuilder page, string[] cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
