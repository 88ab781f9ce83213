using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Adds a header with a fixed value.</summary>
public sealed class InsertHeader : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("header", ConfigType.String) { Importance = ConfigImportance.High, Documentation = "The name of the header." })
        .Define(new("value.literal", ConfigType.String) { Importance = ConfigImportance.High, Documentation = "Its value, read as the simple header converter reads it." });

    private string _name = "";
    private SchemaAndValue _value;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _name = values.GetString("header");
        _value = Converters.SimpleValues.Parse(values.GetString("value.literal"));
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record) => record with { Headers = record.Headers.Add(_name, _value) };
}
