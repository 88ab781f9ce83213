using System.Text;
using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Client.Consumer;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Records of a coordinator's topic as JSON, one a line; records of other kinds are left out.</summary>
internal abstract class CoordinatorFormatter : IRecordFormatter
{
    public void Write(ConsumeResult<byte[]?, byte[]?> record, Stream output)
    {
        if (record.Key is null)
            return;
        var type = CoordinatorRecordFrame.ReadType(record.Key);
        if (!Takes(type) || NewKey(type) is not { } key)
            return;
        CoordinatorRecordFrame.ReadKey(record.Key, key);
        var text = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("key");
            json.WriteNumber("type", type);
            json.WritePropertyName("data");
            key.WriteJson(json, 0);
            json.WriteEndObject();
            WriteValue(json, type, record.Value);
            json.WriteEndObject();
        });
        output.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Whether records of this type are printed.</summary>
    protected abstract bool Takes(short type);

    protected abstract ICoordinatorKey? NewKey(short type);

    protected abstract ICoordinatorValue? NewValue(short type);

    private void WriteValue(Utf8JsonWriter json, short type, byte[]? bytes)
    {
        if (bytes is null || NewValue(type) is not { } value)
        {
            json.WriteNull("value");
            return;
        }

        var version = CoordinatorRecordFrame.ReadValue(bytes, value);
        json.WriteStartObject("value");
        json.WriteNumber("version", version);
        json.WritePropertyName("data");
        value.WriteJson(json, version);
        json.WriteEndObject();
    }
}
