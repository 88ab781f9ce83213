using System.Globalization;
using System.Text;

namespace Barnabas.Broker.Telemetry;

/// <summary>Writes metrics in Prometheus' text format, version 0.0.4.</summary>
public static class PrometheusText
{
    /// <summary>The media type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All samples, those of one name together.</summary>
    public static string Write(IEnumerable<MetricSample> samples)
    {
        var text = new StringBuilder();
        foreach (var family in samples.GroupBy(s => s.Name, StringComparer.Ordinal))
        {
            var first = family.First();
            text.Append("# HELP ").Append(family.Key).Append(' ').Append(Escape(first.Help, isLabel: false)).Append('\n');
            text.Append("# TYPE ").Append(family.Key).Append(first.Kind == MetricKind.Counter ? " counter\n" : " gauge\n");
            foreach (var sample in family)
                Append(text, sample);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, in MetricSample sample)
    {
        text.Append(sample.Name);
        for (var i = 0; i < sample.Labels.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(sample.Labels[i].Name).Append("=\"").Append(Escape(sample.Labels[i].Value, isLabel: true)).Append('"');
        if (sample.Labels.Length > 0)
            text.Append('}');
        text.Append(' ').Append(Number(sample.Value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Escape(string value, bool isLabel)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
