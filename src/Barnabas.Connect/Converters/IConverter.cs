using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Converters;

/// <summary>Turns keys or values of records into bytes and back. One instance serves one task, on one thread at a time.</summary>
public interface IConverter
{
    /// <summary>Called once before use, with the keys below its prefix.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">A value is not valid.</exception>
    void Configure(IReadOnlyDictionary<string, string> configs, bool isKey);

    /// <summary>The bytes of a value; null for Kafka's null.</summary>
    /// <exception cref="DataException">The value does not fit its schema or this converter.</exception>
    byte[]? FromConnectData(string topic, ConnectHeaders headers, Schema? schema, object? value);

    /// <summary>The value in the bytes.</summary>
    /// <exception cref="DataException">The bytes are not what this converter reads.</exception>
    SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes);
}
