using System.Globalization;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>What <c>--print-metrics</c> prints: names and values in two columns.</summary>
internal static class MetricsTable
{
    public static void Print(TextWriter output, string group, string clientId, params IEnumerable<(string Name, double Value)> metrics)
    {
        var rows = metrics.Select(metric => (Name: $"{group}:{metric.Name}:{{client-id={clientId}}}", Value: metric.Value.ToString("F3", CultureInfo.InvariantCulture)))
            .Append((Name: $"app-info:version:{{client-id={clientId}}}", Value: Framework.Versions.Kafka))
            .OrderBy(row => row.Name, StringComparer.Ordinal).ToList();
        var width = rows.Max(row => row.Name.Length);
        output.WriteLine();
        output.WriteLine($"{"Metric Name".PadRight(width)}   Value");
        foreach (var (name, value) in rows)
            output.WriteLine($"{name.PadRight(width)} : {value}");
    }
}
