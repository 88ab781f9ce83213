using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Wraps the key or value into a struct or map with one field.</summary>
public sealed class HoistField(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("field", ConfigType.String) { Documentation = "The name of the field." });

    private readonly SchemaCache _schemas = new();
    private string _field = "";

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs) => _field = Definition.Parse(configs).GetString("field");

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (schema is null) return record.With(part, null, new Dictionary<object, object?> { [_field] = value });
        var target = _schemas.Get(schema, inner => SchemaBuilder.Struct().Field(_field, inner).Build());
        return record.With(part, target, new Struct(target).Put(_field, value));
    }
}
