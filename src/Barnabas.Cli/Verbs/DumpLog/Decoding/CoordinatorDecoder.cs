using Barnabas.Cli.Framework;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Records of a coordinator's topic, as JSON.</summary>
internal abstract class CoordinatorDecoder(string topicName, string versionName) : IRecordDecoder
{
    public (string? Key, string? Value) Decode(RecordView record)
    {
        if (!record.HasKey)
            throw new VerbException($"Failed to decode message at offset {record.Offset} using {topicName} decoder (message had a missing key)");
        try
        {
            var type = CoordinatorRecordFrame.ReadType(record.KeyBytes);
            if (NewKey(type) is not { } key)
                return ($"Unknown record type {type} at offset {record.Offset}, skipping.", null);
            CoordinatorRecordFrame.ReadKey(record.KeyBytes, key);
            return (KeyText(type, key), record.HasValue ? ValueText(type, record.ValueBytes) : "<DELETE>");
        }
        catch (Exception error) when (error is KafkaException or MalformedMessageException or UnsupportedVersionException)
        {
            return ($"Error at offset {record.Offset}, skipping. {error.Message}", null);
        }
    }

    protected abstract ICoordinatorKey? NewKey(short type);

    protected abstract ICoordinatorValue? NewValue(short type);

    protected virtual void WriteValue(System.Text.Json.Utf8JsonWriter json, ICoordinatorValue value, short version) => value.WriteJson(json, version);

    private static string KeyText(short type, ICoordinatorKey key) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type.ToString(null, null));
        json.WritePropertyName("data");
        key.WriteJson(json, 0);
        json.WriteEndObject();
    });

    private string ValueText(short type, ReadOnlyMemory<byte> bytes)
    {
        var value = NewValue(type) ?? throw new UnsupportedVersionException($"No value of type {type} is known");
        var version = CoordinatorRecordFrame.ReadValue(bytes, value);
        return JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString(versionName, version.ToString(null, null));
            json.WritePropertyName("data");
            WriteValue(json, value, version);
            json.WriteEndObject();
        });
    }
}
