using Barnabas.Connect.Data;

namespace Barnabas.Connect.Converters;

/// <summary>Turns headers of records into bytes and back. One instance serves one task, on one thread at a time.</summary>
public interface IHeaderConverter
{
    /// <summary>Called once before use, with the keys below its prefix.</summary>
    void Configure(IReadOnlyDictionary<string, string> configs);

    /// <summary>The bytes of a header; null for Kafka's null.</summary>
    /// <exception cref="DataException">The value does not fit its schema or this converter.</exception>
    byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value);

    /// <summary>The value in the bytes.</summary>
    /// <exception cref="DataException">The bytes are not what this converter reads.</exception>
    SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes);
}
