using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Puts one field of the key or value in its place.</summary>
public sealed class ExtractField(RecordPart part) : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("field", ConfigType.String) { Documentation = "The field to extract, or a path to it with field.syntax.version=V2." })
        .Define(FieldPath.SyntaxKey)
        .Define(FieldPath.ReplaceNullKey);

    private FieldPath _path = FieldPath.Of("", isNested: false);
    private bool _replacesNull;

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _path = FieldPath.Of(values, values.GetString("field"));
        _replacesNull = values.GetBoolean(FieldPath.ReplaceNullKey.Name);
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var (schema, value) = record.Of(part);
        if (schema is null)
        {
            if (value is null) return record;
            return record.With(part, null, _path.Find(RecordParts.RequireMap(value, "field extraction")));
        }

        var field = _path.Find(schema) ?? throw new ArgumentException($"Unknown field: {_path}");
        return record.With(part, field.Schema, value is null ? null : _path.Find(RecordParts.RequireStruct(value, "field extraction"), _replacesNull));
    }
}
