using System.Buffers;
using System.Text.Json;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Results;

/// <summary>A run as JSON: every sample, so that others can judge it by their own measure.</summary>
internal static class JsonResults
{
    public static ReadOnlySpan<byte> Of(ResultSet results)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("begun", results.Begun);
            json.WriteString("machine", $"{Environment.ProcessorCount} processors, {Environment.OSVersion}");
            json.WriteNumber("rounds", results.RoundsDone);
            json.WriteBoolean("quick", results.Options.Quick);
            json.WriteStartObject("limits");
            foreach (var (limit, value) in results.Limits.Values)
                json.WriteNumber($"{limit}_{MachineLimits.UnitOf(limit)}", value);
            json.WriteEndObject();
            json.WriteStartArray("figures");
            foreach (var series in results.Series)
                Write(json, series);
            json.WriteEndArray();
            json.WriteStartArray("failures");
            foreach (var failure in results.Failures)
                json.WriteStringValue(failure);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, Series series)
    {
        json.WriteStartObject();
        json.WriteString("row", series.Row);
        json.WriteString("figure", series.Figure.Name);
        json.WriteString("unit", series.Figure.Unit);
        Write(json, "barnabas", series.Of(Side.Barnabas), series.Barnabas);
        Write(json, "kafka", series.Of(Side.Kafka), series.Kafka);
        if (series.Ratio is { } ratio)
            json.WriteNumber("ratio", ratio);
        if (series.Figure.Goal is { } goal)
        {
            json.WriteNumber(goal.AtLeast ? "ratio_at_least" : "ratio_at_most", goal.Ratio);
            if (series.IsMet is { } met)
                json.WriteBoolean("met", met);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, List<double> samples, Summary? summary)
    {
        json.WriteStartObject(name);
        if (summary is not null)
            json.WriteNumber("median", summary.Median);
        json.WriteStartArray("samples");
        foreach (var sample in samples)
            json.WriteNumberValue(sample);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
