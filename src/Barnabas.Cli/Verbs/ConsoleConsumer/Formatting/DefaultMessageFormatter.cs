using System.Buffers;
using System.Globalization;
using System.Text;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints what is asked for of a record in Kafka's order: timestamp, partition, offset, delivery, epoch, headers, key, value.</summary>
internal sealed class DefaultMessageFormatter : IMessageFormatter
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
    private readonly TextDeserializer? _keyDeserializer;
    private readonly TextDeserializer? _valueDeserializer;
    private readonly TextDeserializer? _headersDeserializer;

    public DefaultMessageFormatter(IReadOnlyDictionary<string, string> properties, ILogger logger)
    {
        bool Is(string name, bool otherwise) => properties.TryGetValue(name, out var text) ? text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) : otherwise;
        byte[] Bytes(string name, string otherwise) => Encoding.UTF8.GetBytes(properties.GetValueOrDefault(name, otherwise));
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
        _keyDeserializer = TextDeserializers.Find(properties.GetValueOrDefault("key.deserializer"), logger);
        _valueDeserializer = TextDeserializers.Find(properties.GetValueOrDefault("value.deserializer"), logger);
        // The original reads the first name and documents the second.
        _headersDeserializer = TextDeserializers.Find(properties.GetValueOrDefault("headers.deserializer") ?? properties.GetValueOrDefault("header.deserializer"), logger);
    }

    public void Write(in PrintableRecord record, IBufferWriter<byte> output)
    {
        if (_timestamp)
        {
            Put(output, record.TimestampType == TimestampType.LogAppendTime ? "LogAppendTime:"u8 : "CreateTime:"u8, record.Timestamp);
            Separate(output, _partition || _offset || _delivery || _epoch || _headers || _key || _value);
        }

        if (_partition)
        {
            Put(output, "Partition:"u8, record.Partition.Partition);
            Separate(output, _offset || _delivery || _epoch || _headers || _key || _value);
        }

        if (_offset)
        {
            Put(output, "Offset:"u8, record.Offset);
            Separate(output, _delivery || _epoch || _headers || _key || _value);
        }

        if (_delivery)
        {
            if (record.DeliveryCount is { } count)
                Put(output, "Delivery:"u8, count);
            else
                output.Write("Delivery:NOT_PRESENT"u8);
            Separate(output, _epoch || _headers || _key || _value);
        }

        if (_epoch)
        {
            output.Write("Epoch:NOT_PRESENT"u8);
            Separate(output, _headers || _key || _value);
        }

        if (_headers)
        {
            PutHeaders(output, record);
            Separate(output, _key || _value);
        }

        if (_key)
        {
            PutField(output, record.Key, _keyDeserializer);
            Separate(output, _value);
        }

        if (_value)
        {
            PutField(output, record.Value, _valueDeserializer);
            output.Write(_lineSeparator);
        }
    }

    private void PutHeaders(IBufferWriter<byte> output, in PrintableRecord record)
    {
        var headers = record.Headers;
        if (headers.Count == 0)
        {
            output.Write("NO_HEADERS"u8);
            return;
        }

        var isFirst = true;
        foreach (var header in headers)
        {
            if (!isFirst)
                output.Write(_headersSeparator);
            isFirst = false;
            Encoding.UTF8.GetBytes(header.Key, output);
            output.Write(":"u8);
            PutField(output, header.Value, _headersDeserializer);
        }
    }

    // As in the original, a deserializer gets to see the literal where there is nothing.
    private void PutField(IBufferWriter<byte> output, ReadOnlyMemory<byte>? field, TextDeserializer? deserializer)
    {
        var bytes = field is { } present ? present.Span : _nullLiteral;
        if (deserializer is null)
            output.Write(bytes);
        else
            Encoding.UTF8.GetBytes(deserializer(bytes), output);
    }

    private void Separate(IBufferWriter<byte> output, bool isFollowed) => output.Write(isFollowed ? _keySeparator : _lineSeparator);

    private static void Put(IBufferWriter<byte> output, ReadOnlySpan<byte> name, long number)
    {
        output.Write(name);
        number.TryFormat(output.GetSpan(20), out var written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
