using System.Globalization;

namespace Barnabas.Bench.Results;

/// <summary>Writes a run's JSON, Markdown page and charts into the results folder.</summary>
internal static class ResultFiles
{
    public static void Write(ResultSet results, string folder)
    {
        Directory.CreateDirectory(folder);
        var name = results.Options.Quick ? "quick" : results.Begun.ToString("yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture);
        File.WriteAllBytes(Path.Combine(folder, name + ".json"), JsonResults.Of(results));
        var charts = new List<(string Title, string File)>();
        foreach (var chart in RatioChart.AllOf(results))
        {
            var file = $"{name}-{chart.Name}.svg";
            File.WriteAllText(Path.Combine(folder, file), chart.ToSvg());
            charts.Add((chart.Title, file));
        }
        File.WriteAllText(Path.Combine(folder, name + ".md"), MarkdownPage.Of(results, charts));
        Console.Out.WriteLine($"results in {Path.Combine(folder, name)}.json, .md and {charts.Count} charts");
    }
}
