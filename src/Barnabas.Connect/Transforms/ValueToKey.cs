using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Makes the key of fields of the value.</summary>
public sealed class ValueToKey : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("fields", ConfigType.List) { Importance = ConfigImportance.High, Documentation = "The fields of the value that make the key." })
        .Define(FieldPath.ReplaceNullKey);

    private readonly SchemaCache _schemas = new();
    private IReadOnlyList<string> _fields = [];
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _fields = values.GetList("fields");
        if (_fields.Count == 0) throw new ConfigException("fields", "[]", "Empty list");
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        if (record.ValueSchema is null)
        {
            var map = RecordParts.RequireMap(record.Value, "copying fields from value to key");
            return record with { KeySchema = null, Key = _fields.ToDictionary(name => (object)name, name => map.GetValueOrDefault(name)) };
        }

        var value = RecordParts.RequireStruct(record.Value, "copying fields from value to key");
        var schema = _schemas.Get(value.Schema, KeyOf);
        var key = new Struct(schema);
        foreach (var field in schema.Fields)
        {
            var from = value.Schema.Field(field.Name)!;
            key.Put(field, _replacesNull ? value.Get(from) : value.GetWithoutDefault(from));
        }

        return record with { KeySchema = schema, Key = key };
    }

    private Schema KeyOf(Schema value)
    {
        var builder = SchemaBuilder.Struct();
        foreach (var name in _fields)
            builder.Field(name, (value.Field(name) ?? throw new DataException("Field does not exist: " + name)).Schema);
        return builder.Build();
    }
}
