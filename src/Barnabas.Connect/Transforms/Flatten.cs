using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Makes one level of nested fields, their names joined by a delimiter.</summary>
public sealed class Flatten(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("delimiter", ConfigType.String) { Default = ".", Documentation = "What stands between the names of nested fields." });

    private readonly SchemaCache _schemas = new();
    private string _delimiter = ".";

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs) => _delimiter = Definition.Parse(configs).GetString("delimiter");

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (schema is null)
        {
            if (value is null) return record;
            var flat = new Dictionary<object, object?>();
            FlattenMap(RecordParts.RequireMap(value, "flattening"), "", flat);
            return record.With(part, null, flat);
        }

        var target = _schemas.Get(schema, Flat);
        if (value is null) return record.With(part, target, null);
        var result = new Struct(target);
        Copy(RecordParts.RequireStruct(value, "flattening"), "", result);
        return record.With(part, target, result);
    }

    private void FlattenMap(IReadOnlyDictionary<object, object?> map, string prefix, Dictionary<object, object?> flat)
    {
        foreach (var (key, value) in map)
        {
            var name = Join(prefix, (string)key);
            switch (value)
            {
                case IReadOnlyDictionary<object, object?> nested: FlattenMap(nested, name, flat); break;
                case IReadOnlyList<object?>: throw new DataException($"Flatten transformation does not support List for record without schemas (for field {name}).");
                default: flat[name] = value; break;
            }
        }
    }

    private Schema Flat(Schema schema)
    {
        var builder = SchemaBuilder.Struct().Named(schema.Name).OfVersion(schema.Version).Documented(schema.Doc).Optional(schema.IsOptional);
        AddFields(schema, "", schema.IsOptional, schema.DefaultValue as Struct, builder);
        return builder.Build();
    }

    // A field below an optional struct may be missing, and takes its default from the struct's default.
    private void AddFields(Schema schema, string prefix, bool isOptional, Struct? standard, SchemaBuilder builder)
    {
        foreach (var field in schema.Fields)
        {
            var name = Join(prefix, field.Name);
            var optional = isOptional || field.Schema.IsOptional;
            var ownDefault = standard?.Get(field) ?? field.Schema.DefaultValue;
            if (field.Schema.Type == SchemaType.Struct)
                AddFields(field.Schema, name, optional, ownDefault as Struct, builder);
            else if (optional == field.Schema.IsOptional && ConnectValueComparer.Instance.Equals(ownDefault, field.Schema.DefaultValue))
                builder.Field(name, field.Schema);
            else
                builder.Field(name, SchemaBuilder.Like(field.Schema).Optional(optional).Default(ownDefault).Build());
        }
    }

    private void Copy(Struct from, string prefix, Struct to)
    {
        foreach (var field in from.Schema.Fields)
        {
            var name = Join(prefix, field.Name);
            if (field.Schema.Type != SchemaType.Struct) to.Put(name, from.Get(field));
            else if (from.Get(field) is Struct nested) Copy(nested, name, to);
        }
    }

    private string Join(string prefix, string name) => prefix.Length == 0 ? name : prefix + _delimiter + name;
}
