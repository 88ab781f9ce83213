using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Turns a record's key and value into text; null for what is not printed.</summary>
internal interface IRecordDecoder
{
    (string? Key, string? Value) Decode(RecordView record);
}
