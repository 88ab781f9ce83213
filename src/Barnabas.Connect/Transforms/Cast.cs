using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Changes the type of fields, or of the whole key or value.</summary>
public sealed class Cast(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("spec", ConfigType.List)
        {
            Importance = ConfigImportance.High,
            Documentation = "Fields and their types as field:type, or one type for the whole: int8, int16, int32, int64, float32, float64, boolean, string.",
        })
        .Define(FieldPath.ReplaceNullKey);

    private readonly SchemaCache _schemas = new();
    private readonly Dictionary<string, SchemaType> _types = [];
    private SchemaType? _whole;
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
        _types.Clear();
        _whole = null;
        var spec = values.GetList("spec");
        if (spec.Count == 0) throw new ConfigException("Must specify at least one field to cast.");
        foreach (var entry in spec)
        {
            var colon = entry.LastIndexOf(':');
            var type = ParseType(entry[(colon + 1)..].Trim(), entry);
            if (colon >= 0) _types[entry[..colon].Trim()] = type;
            else if (spec.Count == 1) _whole = type;
            else throw new ConfigException("spec", entry, "Cast transformations that specify a type to cast the entire value to may ony specify a single cast in their spec");
        }
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (schema is null && value is null) return record;
        if (_whole is { } whole)
            return record.With(part, schema is null ? null : _schemas.Get(schema, old => Changed(old, whole)), CastValue.To(value, whole));
        if (schema is null)
        {
            var map = new Dictionary<object, object?>();
            foreach (var (key, field) in RecordParts.RequireMap(value, "cast types"))
                map[key] = _types.TryGetValue((string)key, out var type) ? CastValue.To(field, type) : field;
            return record.With(part, null, map);
        }

        var target = _schemas.Get(schema, ChangedFields);
        if (value is null) return record.With(part, target, null);
        var old = RecordParts.RequireStruct(value, "cast types");
        var changed = new Struct(target);
        foreach (var field in old.Schema.Fields)
        {
            var from = _replacesNull ? old.Get(field) : old.GetWithoutDefault(field);
            changed.Put(field.Name, _types.TryGetValue(field.Name, out var type) ? CastValue.To(from, type) : from);
        }

        return record.With(part, target, changed);
    }

    private static SchemaType ParseType(string name, string entry) =>
        SchemaTypes.TryParse(name.ToLowerInvariant(), out var type) && type is not (SchemaType.Bytes or SchemaType.Array or SchemaType.Map or SchemaType.Struct)
            ? type
            : throw new ConfigException("spec", entry, $"Invalid type found in casting spec: {name}");

    private static Schema Changed(Schema old, SchemaType type)
    {
        var builder = SchemaBuilder.OfType(type).Optional(old.IsOptional).OfVersion(old.Version).Documented(old.Doc);
        if (old.DefaultValue is not null) builder.Default(CastValue.To(old.DefaultValue, type));
        return builder.Build();
    }

    private Schema ChangedFields(Schema old)
    {
        var builder = SchemaBuilder.Struct().Named(old.Name).OfVersion(old.Version).Documented(old.Doc).Optional(old.IsOptional);
        foreach (var field in old.Fields)
            builder.Field(field.Name, _types.TryGetValue(field.Name, out var type) ? Changed(field.Schema, type) : field.Schema);
        return builder.Build();
    }
}
