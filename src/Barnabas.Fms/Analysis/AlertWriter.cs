using System.Text.Json;
using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Analysis;

/// <summary>Writes what the analyser says, as it stands in <c>sensor-alerts</c>.</summary>
internal static class AlertWriter
{
    private static readonly JsonEncodedText DeviceId = JsonEncodedText.Encode("deviceId");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText Critical = JsonEncodedText.Encode("CRITICAL");
    private static readonly JsonEncodedText Normal = JsonEncodedText.Encode("NORMAL");
    private static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText Partition = JsonEncodedText.Encode("partition");
    private static readonly JsonEncodedText Offset = JsonEncodedText.Encode("offset");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText IsFail = JsonEncodedText.Encode("isFail");
    private static readonly JsonEncodedText Alerts = JsonEncodedText.Encode("alerts");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText Threshold = JsonEncodedText.Encode("threshold");
    private static readonly JsonEncodedText Averages = JsonEncodedText.Encode("averages");
    private static readonly JsonEncodedText[] Names = [.. Measures.Names.Select(name => JsonEncodedText.Encode(name))];

    /// <summary>Writes one object; <paramref name="partition"/> and <paramref name="offset"/> name the reading, so that one that comes twice is known.</summary>
    public static void Write(Utf8JsonWriter writer, DeviceAnalyser analyser, in SensorReading reading, in ReadingAnalysis analysis, int partition, long offset)
    {
        writer.WriteStartObject();
        writer.WriteNumber(DeviceId, reading.DeviceId);
        writer.WriteString(Status, analysis.IsCritical ? Critical : Normal);
        writer.WriteStartObject(Source);
        writer.WriteNumber(Partition, partition);
        writer.WriteNumber(Offset, offset);
        writer.WriteEndObject();
        if (!reading.TimeJson.IsEmpty)
        {
            writer.WritePropertyName(Time);
            writer.WriteRawValue(reading.TimeJson, skipInputValidation: true);
        }

        writer.WriteBoolean(IsFail, reading.IsFail);
        WriteAlerts(writer, analyser, reading, analysis.Exceeded);
        writer.WriteStartObject(Averages);
        for (var at = 0; at < Measures.Count; at++)
        {
            writer.WritePropertyName(Names[at]);
            FixedPoint.Write(writer, analysis.Averages[at]);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteAlerts(Utf8JsonWriter writer, DeviceAnalyser analyser, in SensorReading reading, int exceeded)
    {
        writer.WriteStartArray(Alerts);
        for (var at = 0; exceeded != 0; at++, exceeded >>= 1)
        {
            if ((exceeded & 1) == 0)
                continue;
            writer.WriteStartObject();
            writer.WriteString(Name, Names[at]);
            writer.WritePropertyName(Value);
            FixedPoint.Write(writer, reading.Values[at]);
            writer.WritePropertyName(Threshold);
            FixedPoint.Write(writer, analyser.ThresholdOf(at));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
