using System.Buffers;
using System.Text;
using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Records of a coordinator's topic as JSON, one behind the other as in the original; records of other kinds are left out.</summary>
/// <param name="takes">Which types of records are printed.</param>
/// <param name="newKey">Makes a key of a type, null where the type is not known.</param>
/// <param name="newValue">Makes a value of a type.</param>
internal sealed class CoordinatorMessageFormatter(Predicate<short> takes, Func<short, ICoordinatorKey?> newKey, Func<short, ICoordinatorValue?> newValue) : IMessageFormatter
{
    public void Write(in PrintableRecord record, IBufferWriter<byte> output)
    {
        if (record.Key is not { } keyBytes)
            return;
        var type = CoordinatorRecordFrame.ReadType(keyBytes);
        if (!takes(type) || newKey(type) is not { } key)
            return;
        CoordinatorRecordFrame.ReadKey(keyBytes, key);
        var value = record.Value;
        var text = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("key");
            json.WriteNumber("type", type);
            json.WritePropertyName("data");
            key.WriteJson(json, 0);
            json.WriteEndObject();
            json.WritePropertyName("value");
            WriteValue(json, type, value);
            json.WriteEndObject();
        });
        Encoding.UTF8.GetBytes(text, output);
    }

    private void WriteValue(Utf8JsonWriter json, short type, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { } present || newValue(type) is not { } value)
        {
            json.WriteNullValue();
            return;
        }

        var version = CoordinatorRecordFrame.ReadValue(present, value);
        json.WriteStartObject();
        json.WriteNumber("version", version);
        json.WritePropertyName("data");
        value.WriteJson(json, version);
        json.WriteEndObject();
    }
}
