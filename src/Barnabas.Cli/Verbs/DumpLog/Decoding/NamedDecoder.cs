using System.Buffers.Binary;
using System.Text;
using Barnabas.Cli.Framework;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Keys and values by the decoders that Kafka's tools know by class name.</summary>
internal sealed class NamedDecoder(string keyClass, string valueClass) : IRecordDecoder
{
    public const string DefaultClass = "org.apache.kafka.tools.api.StringDecoder";

    private readonly Func<ReadOnlyMemory<byte>, string> _key = Find(keyClass);
    private readonly Func<ReadOnlyMemory<byte>, string> _value = Find(valueClass);

    public (string? Key, string? Value) Decode(RecordView record) =>
        (record.HasKey ? _key(record.KeyBytes) : null, record.HasValue ? _value(record.ValueBytes) : null);

    private static Func<ReadOnlyMemory<byte>, string> Find(string name) => name[(name.LastIndexOf('.') + 1)..] switch
    {
        "StringDecoder" => bytes => Encoding.UTF8.GetString(bytes.Span),
        "IntegerDecoder" => bytes => bytes.Length == 4 ? BinaryPrimitives.ReadInt32BigEndian(bytes.Span).ToString(null, null) : throw Wrong(bytes, 4),
        "LongDecoder" => bytes => bytes.Length == 8 ? BinaryPrimitives.ReadInt64BigEndian(bytes.Span).ToString(null, null) : throw Wrong(bytes, 8),
        "DefaultDecoder" => bytes => Convert.ToHexStringLower(bytes.Span),
        _ => throw new VerbException($"Could not find class {name}: StringDecoder, IntegerDecoder, LongDecoder and DefaultDecoder are there"),
    };

    private static VerbException Wrong(ReadOnlyMemory<byte> bytes, int expected) => new($"A value of {bytes.Length} bytes cannot be decoded: {expected} are needed");
}
