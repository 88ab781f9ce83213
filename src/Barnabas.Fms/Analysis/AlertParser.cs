using System.Text.Json;
using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Analysis;

/// <summary>What stands in a record of <c>sensor-alerts</c>.</summary>
internal struct Alert
{
    public int DeviceId;
    public bool IsCritical;
    public bool IsFail;
    public int SourcePartition;
    public long SourceOffset;

    /// <summary>Where in the record the time stands, with its quotes; empty for none.</summary>
    public Range Time;

    /// <summary>Where in the record the list of alerts stands.</summary>
    public Range Alerts;

    public Measures Averages;
}

/// <summary>Reads what <see cref="AlertWriter"/> writes.</summary>
internal static class AlertParser
{
    /// <summary>Reads a record; false where it is no such JSON.</summary>
    /// <param name="json">The value.</param>
    /// <param name="onlySource">Stop once it is known which reading it is about: what stands behind is not read.</param>
    /// <param name="alert">What was read.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, bool onlySource, out Alert alert)
    {
        var read = new Alert { DeviceId = -1, SourceOffset = -1, Averages = Measures.Missing() };
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                Take(ref reader, ref read);
                if (onlySource && read.SourceOffset >= 0)
                    break;
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            alert = default;
            return false;
        }

        alert = read;
        return alert.DeviceId >= 0;
    }

    private static void Take(ref Utf8JsonReader reader, ref Alert alert)
    {
        var name = reader.ValueSpan;
        reader.Read();
        if (name.SequenceEqual("deviceId"u8))
        {
            alert.DeviceId = reader.GetInt32();
        }
        else if (name.SequenceEqual("status"u8))
        {
            alert.IsCritical = reader.ValueTextEquals("CRITICAL"u8);
        }
        else if (name.SequenceEqual("partition"u8))
        {
            alert.SourcePartition = reader.GetInt32();
        }
        else if (name.SequenceEqual("offset"u8))
        {
            alert.SourceOffset = reader.GetInt64();
        }
        else if (name.SequenceEqual("isFail"u8))
        {
            alert.IsFail = reader.TokenType == JsonTokenType.True;
        }
        else if (name.SequenceEqual("time"u8))
        {
            alert.Time = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
        }
        else if (name.SequenceEqual("alerts"u8))
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            alert.Alerts = start..(int)reader.BytesConsumed;
        }
        else if (Measures.IndexOf(name) is >= 0 and var index && reader.TokenType == JsonTokenType.Number)
        {
            alert.Averages[index] = reader.GetDouble();
        }
    }
}
