using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Keeps, drops and renames fields.</summary>
public sealed class ReplaceField(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("exclude", ConfigType.List) { Default = "", Documentation = "Fields to drop; stronger than include." })
        .Define(new("include", ConfigType.List) { Default = "", Documentation = "Fields to keep; none means all." })
        .Define(new("renames", ConfigType.List) { Default = "", Documentation = "Fields to rename, as old:new." })
        .Define(FieldPath.ReplaceNullKey);

    private readonly SchemaCache _schemas = new();
    private readonly Dictionary<string, string> _renames = [];
    private HashSet<string> _excluded = [];
    private HashSet<string> _included = [];
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _excluded = [.. values.GetList("exclude")];
        _included = [.. values.GetList("include")];
        _renames.Clear();
        foreach (var rename in values.GetList("renames"))
        {
            var parts = rename.Split(':');
            if (parts.Length != 2) throw new ConfigException("renames", string.Join(',', values.GetList("renames")), $"Invalid rename mapping: {rename}");
            _renames[parts[0].Trim()] = parts[1].Trim();
        }

        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (value is null) return record;
        if (schema is null)
        {
            var map = new Dictionary<object, object?>();
            foreach (var (key, field) in RecordParts.RequireMap(value, "field replacement"))
                if (Keeps((string)key)) map[Renamed((string)key)] = field;
            return record.With(part, null, map);
        }

        var old = RecordParts.RequireStruct(value, "field replacement");
        var target = _schemas.Get(schema, Replaced);
        var changed = new Struct(target);
        foreach (var field in old.Schema.Fields)
            if (Keeps(field.Name)) changed.Put(Renamed(field.Name), _replacesNull ? old.Get(field) : old.GetWithoutDefault(field));
        return record.With(part, target, changed);
    }

    private bool Keeps(string name) => !_excluded.Contains(name) && (_included.Count == 0 || _included.Contains(name));

    private string Renamed(string name) => _renames.GetValueOrDefault(name, name);

    private Schema Replaced(Schema old)
    {
        var builder = SchemaBuilder.Struct().Named(old.Name).OfVersion(old.Version).Documented(old.Doc).Optional(old.IsOptional);
        foreach (var field in old.Fields.Where(field => Keeps(field.Name))) builder.Field(Renamed(field.Name), field.Schema);
        return builder.Build();
    }
}
