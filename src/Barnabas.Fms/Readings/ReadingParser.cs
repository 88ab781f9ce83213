using System.Buffers.Text;
using System.Text.Json;

namespace Barnabas.Fms.Readings;

/// <summary>
/// Reads a device's JSON: as the API gives it, or inside the schema-and-payload envelope of Connect's JsonConverter.
/// Unknown names are passed over. No state, no allocation for what is well formed.
/// </summary>
internal static class ReadingParser
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 16 };

    /// <summary>Reads a record; false where it is no reading: not JSON, none of the six numbers in it, or no device named by value or key.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, ReadOnlySpan<byte> key, out SensorReading reading)
    {
        var read = new ReadValues { DeviceId = -1, Values = Measures.Missing() };
        reading = default;
        var found = 0;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.PropertyName && Take(ref reader, ref read))
                    found++;
        }
        catch (JsonException)
        {
            return false;
        }

        reading = new SensorReading { DeviceId = read.DeviceId, Values = read.Values, IsFail = read.IsFail, TimeJson = json.Slice(read.TimeStart, read.TimeBytes) };
        return found > 0 && (reading.DeviceId >= 0 || TryDevice(key, out reading.DeviceId));
    }

    // True for one of the six numbers.
    private static bool Take(ref Utf8JsonReader reader, ref ReadValues reading)
    {
        var name = reader.ValueSpan;
        var index = Measures.IndexOf(name);
        var (isFail, isTime, isDevice) = (name.SequenceEqual("isFail"u8), name.SequenceEqual("time"u8), name.Length == 8 && name[1..].SequenceEqual("eviceId"u8));
        var isPayload = name.SequenceEqual("payload"u8);
        if (!reader.Read())
            return false;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when index >= 0:
                return reader.TryGetDouble(out reading.Values[index]) && double.IsFinite(reading.Values[index]);
            case JsonTokenType.Number when isDevice && reader.TryGetInt32(out var device):
                reading.DeviceId = device;
                break;
            case JsonTokenType.True or JsonTokenType.False when isFail:
                reading.IsFail = reader.TokenType == JsonTokenType.True;
                break;
            case JsonTokenType.Number when isFail:
                reading.IsFail = reader.TryGetDouble(out var flag) && flag != 0;
                break;
            case JsonTokenType.String or JsonTokenType.Number when isTime:
                (reading.TimeStart, reading.TimeBytes) = ((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
                break;
            // The payload's names are read on as if they stood outside.
            case JsonTokenType.StartObject when !isPayload:
            case JsonTokenType.StartArray:
                reader.Skip();
                break;
        }

        return false;
    }

    // The key is the device's number, as StringConverter or JsonConverter write it.
    private static bool TryDevice(ReadOnlySpan<byte> key, out int device)
    {
        var digits = key.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digits >= 0 && key[0] != '{')
            return Utf8Parser.TryParse(key[digits..], out device, out _);
        var payload = key.IndexOf("\"payload\":"u8);
        device = -1;
        if (payload < 0)
            return false;
        key = key[(payload + "\"payload\":".Length)..].TrimStart((byte)'"');
        return Utf8Parser.TryParse(key, out device, out _);
    }

    private struct ReadValues
    {
        public int DeviceId;
        public Measures Values;
        public bool IsFail;
        public int TimeStart;
        public int TimeBytes;
    }
}
