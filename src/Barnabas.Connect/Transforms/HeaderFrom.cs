using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Moves or copies fields of the key or value into headers.</summary>
public sealed class HeaderFrom(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("fields", ConfigType.List) { Importance = ConfigImportance.High, Documentation = "The fields whose values become headers." })
        .Define(new("headers", ConfigType.List) { Importance = ConfigImportance.High, Documentation = "The names of the headers, in the order of the fields." })
        .Define(new("operation", ConfigType.String) { Validator = ConfigValidators.OneOf("move", "copy"), Importance = ConfigImportance.High, Documentation = "move takes the fields out of the record, copy leaves them." })
        .Define(FieldPath.ReplaceNullKey);

    private readonly SchemaCache _schemas = new();
    private IReadOnlyList<string> _fields = [];
    private IReadOnlyList<string> _headers = [];
    private bool _isMove;
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _fields = values.GetList("fields");
        _headers = values.GetList("headers");
        if (_fields.Count == 0) throw new ConfigException("fields must not be empty.");
        if (_fields.Count != _headers.Count) throw new ConfigException("'fields' config must have the same number of elements as 'headers' config.");
        _isMove = values.GetString("operation") == "move";
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (schema is null && value is null) return record;
        return schema is null ? ApplyToMap(record, value) : ApplyToStruct(record, schema, value);
    }

    private ConnectRecord ApplyToMap(ConnectRecord record, object? value)
    {
        var map = new Dictionary<object, object?>(RecordParts.RequireMap(value, "header from"));
        var headers = record.Headers;
        for (var i = 0; i < _fields.Count; i++)
        {
            var found = map.GetValueOrDefault(_fields[i]);
            headers = headers.Add(_headers[i], new SchemaAndValue(ConnectValues.SchemaOf(found), found));
            if (_isMove) map.Remove(_fields[i]);
        }

        return record.With(part, null, map) with { Headers = headers };
    }

    private ConnectRecord ApplyToStruct(ConnectRecord record, Schema schema, object? value)
    {
        var old = RecordParts.RequireStruct(value, "header from");
        var headers = record.Headers;
        for (var i = 0; i < _fields.Count; i++)
        {
            var field = schema.Field(_fields[i]) ?? throw new DataException($"Field {_fields[i]} does not exist in the schema {schema}");
            headers = headers.Add(_headers[i], new SchemaAndValue(field.Schema, _replacesNull ? old.Get(field) : old.GetWithoutDefault(field)));
        }

        if (!_isMove) return record with { Headers = headers };
        var target = _schemas.Get(schema, Without);
        var moved = new Struct(target);
        foreach (var field in target.Fields) moved.Put(field, old.GetWithoutDefault(schema.Field(field.Name)!));
        return record.With(part, target, moved) with { Headers = headers };
    }

    private Schema Without(Schema old)
    {
        var builder = SchemaBuilder.Struct().Named(old.Name).OfVersion(old.Version).Documented(old.Doc).Optional(old.IsOptional);
        foreach (var field in old.Fields.Where(field => !_fields.Contains(field.Name))) builder.Field(field.Name, field.Schema);
        return builder.Build();
    }
}
