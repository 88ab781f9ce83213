using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Sets the name and version of the schema of the key or value.</summary>
public sealed class SetSchemaMetadata(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("schema.name", ConfigType.String) { Default = null, Importance = ConfigImportance.High, Documentation = "The schema's new name." })
        .Define(new("schema.version", ConfigType.Int) { Default = null, Importance = ConfigImportance.High, Documentation = "The schema's new version." })
        .Define(FieldPath.ReplaceNullKey);

    private readonly SchemaCache _schemas = new();
    private string? _name;
    private int? _version;
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _name = values.FindString("schema.name");
        _version = values.IsGiven("schema.version") ? values.GetInt("schema.version") : null;
        if (_name is null && _version is null) throw new ConfigException("Neither schema name nor version configured");
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (schema is null && value is null) return record;
        if (schema is null) throw new DataException("Schema required for [updating schema metadata]");
        var target = _schemas.Get(schema, Renamed);
        if (value is not Struct old) return record.With(part, target, value);
        var changed = new Struct(target);
        foreach (var field in old.Schema.Fields) changed.Put(field.Name, _replacesNull ? old.Get(field) : old.GetWithoutDefault(field));
        return record.With(part, target, changed);
    }

    private Schema Renamed(Schema old)
    {
        var builder = SchemaBuilder.Like(old).Named(_name ?? old.Name).OfVersion(_version ?? old.Version);
        foreach (var field in old.Fields) builder.Field(field.Name, field.Schema);
        return builder.Build();
    }
}
