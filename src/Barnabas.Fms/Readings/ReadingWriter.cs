using System.Buffers;
using System.Text.Json;

namespace Barnabas.Fms.Readings;

/// <summary>Writes readings as the FMS API gives them, or in the envelope that the JDBC sink takes its columns from.</summary>
internal static class ReadingWriter
{
    private static readonly JsonEncodedText DeviceId = JsonEncodedText.Encode("deviceId");
    private static readonly JsonEncodedText IsFail = JsonEncodedText.Encode("isFail");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText[] Names = [.. Measures.Names.Select(name => JsonEncodedText.Encode(name))];

    private static ReadOnlySpan<byte> BeforePayload =>
        """{"schema":{"type":"struct","fields":[{"type":"int64","optional":true,"field":"deviceId"},{"type":"double","optional":true,"field":"sensor1"},{"type":"double","optional":true,"field":"sensor2"},{"type":"double","optional":true,"field":"sensor3"},{"type":"double","optional":true,"field":"motor1"},{"type":"double","optional":true,"field":"motor2"},{"type":"double","optional":true,"field":"motor3"},{"type":"boolean","optional":true,"field":"isFail"},{"type":"string","optional":true,"field":"time"}],"optional":true},"payload":"""u8;

    /// <summary>Writes one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, in SensorReading reading)
    {
        writer.WriteStartObject();
        writer.WriteNumber(DeviceId, reading.DeviceId);
        for (var at = 0; at < Measures.Count; at++)
        {
            writer.WritePropertyName(Names[at]);
            FixedPoint.Write(writer, reading.Values[at]);
        }

        writer.WriteBoolean(IsFail, reading.IsFail);
        writer.WritePropertyName(Time);
        writer.WriteRawValue(reading.TimeJson, skipInputValidation: true);
        writer.WriteEndObject();
    }

    /// <summary>Writes one JSON object in its envelope.</summary>
    public static void WriteWithSchema(IBufferWriter<byte> output, Utf8JsonWriter writer, in SensorReading reading)
    {
        output.Write(BeforePayload);
        writer.Reset(output);
        Write(writer, reading);
        writer.Flush();
        output.Write("}"u8);
    }
}
