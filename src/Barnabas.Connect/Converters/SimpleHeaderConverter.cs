using System.Text;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Converters;

/// <summary>Header values as readable text, their types found again when they are read.</summary>
public sealed class SimpleHeaderConverter : IHeaderConverter
{
    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
    }

    /// <inheritdoc/>
    public byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value) =>
        value is null ? null : Encoding.UTF8.GetBytes(SimpleValues.ToText(schema, value));

    /// <inheritdoc/>
    public SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes) =>
        bytes is null ? SchemaAndValue.Null : SimpleValues.Parse(Encoding.UTF8.GetString(bytes));
}
