using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Converters;

/// <summary>Bytes as they are.</summary>
public sealed class ByteArrayConverter : IConverter, IHeaderConverter
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
        if (schema is not null && schema.Type != SchemaType.Bytes)
            throw new DataException($"Invalid schema type for ByteArrayConverter: {SchemaTypes.NameOf(schema.Type).ToUpperInvariant()}");
        return value is null or byte[]? (byte[]?)value : throw new DataException($"ByteArrayConverter is not compatible with objects of type {value.GetType()}");
    }

    /// <inheritdoc/>
    public SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes) => new(Schema.OptionalBytes, bytes);

    /// <inheritdoc/>
    public byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value) => FromConnectData(topic, ConnectHeaders.Empty, schema, value);

    /// <inheritdoc/>
    public SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes) => ToConnectData(topic, ConnectHeaders.Empty, bytes);
}
