using System.Globalization;
using System.Text;
using Barnabas.Client.Consumer;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints what is asked for of a record in Kafka's order: timestamp, partition, offset, epoch, headers, key, value.</summary>
internal sealed class DefaultFormatter : IRecordFormatter
{
    private readonly bool _timestamp;
    private readonly bool _partition;
    private readonly bool _offset;
    private readonly bool _delivery;
    private readonly bool _epoch;
    private readonly bool _headers;
    private readonly bool _key;
    private readonly bool _value;
    private readonly byte[] _keySeparator;
    private readonly byte[] _lineSeparator;
    private readonly byte[] _headersSeparator;
    private readonly byte[] _nullLiteral;
    private readonly Func<byte[], string>? _keyText;
    private readonly Func<byte[], string>? _valueText;
    private readonly Func<byte[], string>? _headerText;

    public DefaultFormatter(IReadOnlyDictionary<string, string> properties)
    {
        bool Is(string name, bool otherwise) => properties.TryGetValue(name, out var text) ? text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) : otherwise;
        byte[] Bytes(string name, string otherwise) => Encoding.UTF8.GetBytes(properties.GetValueOrDefault(name) ?? otherwise);
        _timestamp = Is("print.timestamp", false);
        _partition = Is("print.partition", false);
        _offset = Is("print.offset", false);
        _delivery = Is("print.delivery", false);
        _epoch = Is("print.epoch", false);
        _headers = Is("print.headers", false);
        _key = Is("print.key", false);
        _value = Is("print.value", true);
        _keySeparator = Bytes("key.separator", "\t");
        _lineSeparator = Bytes("line.separator", "\n");
        _headersSeparator = Bytes("headers.separator", ",");
        _nullLiteral = Bytes("null.literal", "null");
        _keyText = TextDeserializers.Find(properties.GetValueOrDefault("key.deserializer"));
        _valueText = TextDeserializers.Find(properties.GetValueOrDefault("value.deserializer"));
        _headerText = TextDeserializers.Find(properties.GetValueOrDefault("headers.deserializer"));
    }

    public void Write(ConsumeResult<byte[]?, byte[]?> record, Stream output)
    {
        if (_timestamp)
            Column(output, record.Timestamp < 0 ? "NO_TIMESTAMP" : string.Create(CultureInfo.InvariantCulture, $"{record.TimestampType}:{record.Timestamp}"), _partition || _offset || _delivery || _epoch || _headers || _key || _value);
        if (_partition)
            Column(output, string.Create(CultureInfo.InvariantCulture, $"Partition:{record.Partition}"), _offset || _delivery || _epoch || _headers || _key || _value);
        if (_offset)
            Column(output, string.Create(CultureInfo.InvariantCulture, $"Offset:{record.Offset}"), _delivery || _epoch || _headers || _key || _value);
        if (_delivery)
            Column(output, "Delivery:NOT_PRESENT", _epoch || _headers || _key || _value);
        if (_epoch)
            Column(output, "Epoch:NOT_PRESENT", _headers || _key || _value);
        if (_headers)
        {
            WriteHeaders(record, output);
            output.Write(_key || _value ? _keySeparator : _lineSeparator);
        }

        if (_key)
        {
            output.Write(Text(record.Key, _keyText));
            output.Write(_value ? _keySeparator : _lineSeparator);
        }

        if (_value)
        {
            output.Write(Text(record.Value, _valueText));
            output.Write(_lineSeparator);
        }
    }

    private void WriteHeaders(ConsumeResult<byte[]?, byte[]?> record, Stream output)
    {
        if (record.Headers.Count == 0)
            output.Write("NO_HEADERS"u8);
        for (var at = 0; at < record.Headers.Count; at++)
        {
            if (at > 0)
                output.Write(_headersSeparator);
            output.Write(Encoding.UTF8.GetBytes(record.Headers[at].Key + ":"));
            output.Write(Text(record.Headers[at].Value?.ToArray(), _headerText));
        }
    }

    private byte[] Text(byte[]? bytes, Func<byte[], string>? deserializer) =>
        bytes is null ? _nullLiteral : deserializer is null ? bytes : Encoding.UTF8.GetBytes(deserializer(bytes));

    private void Column(Stream output, string text, bool isFollowed)
    {
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Write(isFollowed ? _keySeparator : _lineSeparator);
    }
}
