using System.Text.Json;
using System.Text.Json.Nodes;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Records of <c>__consumer_offsets</c>; subscriptions and assignments of classic consumer groups are decoded too.</summary>
internal sealed class OffsetsDecoder() : CoordinatorDecoder("offset topic", "version")
{
    protected override ICoordinatorKey? NewKey(short type) => GroupRecordCatalog.NewKey(type);

    protected override ICoordinatorValue? NewValue(short type) => GroupRecordCatalog.NewValue(type);

    protected override void WriteValue(Utf8JsonWriter json, ICoordinatorValue value, short version)
    {
        if (value is not GroupMetadataValue { ProtocolType: "consumer" })
        {
            value.WriteJson(json, version);
            return;
        }

        var root = JsonNode.Parse(JsonText.Of(inner => value.WriteJson(inner, version)))!;
        foreach (var member in root["members"]!.AsArray())
        {
            Replace(member!, "subscription", new ConsumerProtocolSubscription());
            Replace(member!, "assignment", new ConsumerProtocolAssignment());
        }

        root.WriteTo(json);
    }

    private static void Replace(JsonNode member, string field, IMessage message)
    {
        if (member[field]?.GetValue<string>() is not { Length: > 0 } text)
            return;
        try
        {
            var reader = new MessageReader(Convert.FromBase64String(text));
            var version = reader.ReadInt16();
            message.Read(ref reader, version);
            member[field] = JsonNode.Parse(JsonText.Of(json => message.WriteJson(json, version)));
        }
        catch (Exception error) when (error is MalformedMessageException or UnsupportedVersionException)
        {
            // A client may put there what it likes: such bytes stay as they are.
        }
    }
}
