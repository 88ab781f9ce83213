using System.Text.Json;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Http.Source;

/// <summary>
/// The schema of JSON values seen so far. It only ever grows wider: new fields are added, whole numbers become
/// fractions, and what was two kinds of thing becomes the text of its JSON. For one task.
/// </summary>
internal sealed class InferredSchema
{
    /// <summary>The most fields of one object: an answer whose names are data must not grow a schema for ever.</summary>
    public const int MostFields = 2_000;

    private readonly Dictionary<string, InferredSchema> _fields = [];
    private readonly List<string> _order = [];
    private Kind _kind;
    private InferredSchema? _element;
    private Schema? _built;

    private enum Kind
    {
        Unknown,
        Boolean,
        Whole,
        Fraction,
        Text,
        Object,
        List,
        Mixed,
    }

    /// <summary>The schema for all that was seen; null while that was null only.</summary>
    public Schema? Schema => _built ??= Build();

    /// <summary>Takes a value into account; says whether the schema changed.</summary>
    /// <exception cref="DataException">An object has more than <see cref="MostFields"/> fields.</exception>
    public bool Learn(JsonElement json)
    {
        var seen = KindOf(json);
        if (seen == Kind.Unknown) return false;
        var wider = _kind == seen || _kind == Kind.Unknown ? seen : (_kind, seen) is (Kind.Whole, Kind.Fraction) or (Kind.Fraction, Kind.Whole) ? Kind.Fraction : Kind.Mixed;
        var hasChanged = wider != _kind;
        _kind = wider;
        if (_kind == Kind.Object)
        {
            foreach (var property in json.EnumerateObject()) hasChanged |= Field(property.Name).Learn(property.Value);
        }
        else if (_kind == Kind.List)
        {
            _element ??= new InferredSchema();
            foreach (var element in json.EnumerateArray()) hasChanged |= _element.Learn(element);
        }

        if (hasChanged) _built = null;
        return hasChanged;
    }

    /// <summary>A value that was learnt, as <see cref="Schema"/> wants it.</summary>
    public object? Read(JsonElement json) => json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : _kind switch
    {
        Kind.Boolean => json.GetBoolean(),
        Kind.Whole => json.GetInt64(),
        Kind.Fraction => json.GetDouble(),
        Kind.Text => json.GetString(),
        Kind.Object => ReadObject(json),
        Kind.List => json.EnumerateArray().Select(_element!.Read).ToList(),
        _ => json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText(),
    };

    private static Kind KindOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => Kind.Boolean,
        JsonValueKind.Number => json.TryGetInt64(out _) ? Kind.Whole : Kind.Fraction,
        JsonValueKind.String => Kind.Text,
        JsonValueKind.Object => Kind.Object,
        JsonValueKind.Array => Kind.List,
        _ => Kind.Unknown,
    };

    private InferredSchema Field(string name)
    {
        if (_fields.TryGetValue(name, out var field)) return field;
        if (_fields.Count == MostFields) throw new DataException($"objects have more than {MostFields} different fields; http.response.value=map takes them without a schema");
        _order.Add(name);
        return _fields[name] = new InferredSchema();
    }

    private Struct ReadObject(JsonElement json)
    {
        var structure = new Struct(Schema!);
        foreach (var field in structure.Schema.Fields)
            if (json.TryGetProperty(field.Name, out var value)) structure.Put(field, _fields[field.Name].Read(value));
        return structure;
    }

    private Schema? Build() => _kind switch
    {
        Kind.Unknown => null,
        Kind.Boolean => Schema.OptionalBoolean,
        Kind.Whole => Schema.OptionalInt64,
        Kind.Fraction => Schema.OptionalFloat64,
        Kind.List => SchemaBuilder.Array(_element!.Schema ?? Schema.OptionalString).Optional().Build(),
        Kind.Object => BuildStruct(),
        _ => Schema.OptionalString,
    };

    private Schema BuildStruct()
    {
        var builder = SchemaBuilder.Struct().Optional();
        foreach (var name in _order)
            if (name.Length > 0 && _fields[name].Schema is { } schema) builder.Field(name, schema);
        return builder.Build();
    }
}
