using System.Text;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Records of <c>__cluster_metadata</c>.</summary>
internal sealed class MetadataDecoder : IRecordDecoder
{
    public (string? Key, string? Value) Decode(RecordView record)
    {
        try
        {
            var message = MetadataRecordFrame.Read(record.ValueBytes, out var version);
            return (null, Text(message, version));
        }
        catch (Exception error) when (error is KafkaException or MalformedMessageException or UnsupportedVersionException)
        {
            return (null, $"Error at {record.Offset}, skipping. {error.Message}");
        }
    }

    internal static string Text(IMetadataRecord message, short version) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", TypeName(message));
        json.WriteNumber("version", version);
        json.WritePropertyName("data");
        message.WriteJson(json, version);
        json.WriteEndObject();
    });

    /// <summary>Kafka's name of the type: <c>REGISTER_BROKER_RECORD</c>.</summary>
    internal static string TypeName(IMetadataRecord message)
    {
        var name = new StringBuilder();
        foreach (var letter in message.GetType().Name)
        {
            if (char.IsUpper(letter) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
