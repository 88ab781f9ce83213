using System.Text;
using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Converters;

/// <summary>Text, in UTF-8 or <c>converter.encoding</c>; other values as Java's <c>toString</c> writes them.</summary>
public sealed class StringConverter : IConverter, IHeaderConverter
{
    private Encoding _encoding = Encoding.UTF8;

    /// <summary>Its configuration keys.</summary>
    public static ConfigDef Definition { get; } = new ConfigDef()
        .Define(new("converter.encoding", ConfigType.String)
        {
            Default = "UTF-8",
            Importance = ConfigImportance.High,
            DisplayName = "Encoding",
            Width = "MEDIUM",
            Group = "Encoding",
            Order = 0,
            Documentation = "The character set of the text.",
        });

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs, bool isKey) => Configure(configs);

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var name = Definition.Parse(configs).GetString("converter.encoding");
        try
        {
            _encoding = name is "UTF8" ? Encoding.UTF8 : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new ConfigException("converter.encoding", name, "there is no such character set");
        }
    }

    /// <inheritdoc/>
    public byte[]? FromConnectData(string topic, ConnectHeaders headers, Schema? schema, object? value) =>
        value is null ? null : _encoding.GetBytes(ValueText.Of(value));

    /// <inheritdoc/>
    public SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes) =>
        new(Schema.OptionalString, bytes is null ? null : _encoding.GetString(bytes));

    /// <inheritdoc/>
    public byte[]? FromConnectHeader(string topic, string key, Schema? schema, object? value) => FromConnectData(topic, ConnectHeaders.Empty, schema, value);

    /// <inheritdoc/>
    public SchemaAndValue ToConnectHeader(string topic, string key, byte[]? bytes) => ToConnectData(topic, ConnectHeaders.Empty, bytes);
}
