using Barnabas.Cli.Framework;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Records of the topic of remote log metadata, framed as those of the metadata log are.</summary>
internal sealed class RemoteLogMetadataDecoder : IRecordDecoder
{
    public (string? Key, string? Value) Decode(RecordView record)
    {
        try
        {
            var reader = new MessageReader(record.ValueBytes);
            reader.ReadUnsignedVarint();
            var type = (int)reader.ReadUnsignedVarint();
            var version = (short)reader.ReadUnsignedVarint();
            var message = RemoteLogRecordCatalog.New(type) ?? throw new UnsupportedVersionException($"Unknown remote log metadata id {type}");
            message.Read(ref reader, version);
            return (null, JsonText.Of(json => message.WriteJson(json, version)));
        }
        catch (Exception error) when (error is KafkaException or MalformedMessageException or UnsupportedVersionException)
        {
            return (null, $"Error at offset {record.Offset}, skipping. {error.Message}");
        }
    }
}
