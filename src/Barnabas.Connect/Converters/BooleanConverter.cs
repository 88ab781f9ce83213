using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Converters;

/// <summary>One byte, 1 or 0, as Kafka's BooleanSerializer writes it.</summary>
public sealed class BooleanConverter : IConverter, IHeaderConverter
{
    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs, bool isKey)
    {
    }

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
    }

    /// <inheritdoc/>
    public byte[]? FromConnectData(string topic, ConnectHeaders headers, Schema? schema, object? value)
    {
        if (schema is not null && schema.Type != SchemaType.Boolean)
            throw new DataException($"Invalid schema type for BooleanConverter: {SchemaTypes.NameOf(schema.Type).ToUpperInvariant()}");
        return value is null ? null : [(bool)NumberConverters.Require<bool>(value) ? (byte)1 : (byte)0];
    }

    /// <inheritdoc/>
    public SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes) => new(Schema.OptionalBoolean, bytes switch
    {
        null => null,
        [0] => false,
        [1] => true,
        _ => throw new DataException("Failed to deserialize to Boolean: it is not one byte of 0 or 1"),
    });

    /// <inheritdoc/>
    public byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value) => FromConnectData(topic, ConnectHeaders.Empty, schema, value);

    /// <inheritdoc/>
    public SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes) => ToConnectData(topic, ConnectHeaders.Empty, bytes);
}
