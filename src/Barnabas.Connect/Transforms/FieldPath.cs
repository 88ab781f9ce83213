using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>A field, or with <c>field.syntax.version=V2</c> a path of fields: steps part at dots, backticks keep dots in a name (KIP-821).</summary>
internal sealed class FieldPath
{
    private readonly string[] _steps;

    private FieldPath(string[] steps) => _steps = steps;

    public static ConnectKey SyntaxKey { get; } = new("field.syntax.version", ConfigType.String)
    {
        Default = "V1",
        Validator = ConfigValidators.OneOfIgnoringCase("V1", "V2"),
        Importance = ConfigImportance.High,
        Documentation = "V1 takes names of fields as they stand; V2 takes dots as steps into nested fields.",
    };

    public static ConnectKey ReplaceNullKey { get; } = new("replace.null.with.default", ConfigType.Boolean)
    {
        Default = "true",
        Documentation = "Whether a null of a field that has a default is read as that default.",
    };

    /// <summary>The last step.</summary>
    public string Name => _steps[^1];

    /// <summary>All steps.</summary>
    public IReadOnlyList<string> Steps => _steps;

    public static FieldPath Of(ConfigValues values, string text) =>
        Of(text, values.GetString(SyntaxKey.Name).Equals("V2", StringComparison.OrdinalIgnoreCase));

    public static FieldPath Of(string text, bool isNested) => new(isNested ? Split(text) : [text]);

    public Field? Find(Schema schema)
    {
        Field? field = null;
        foreach (var step in _steps)
        {
            if (schema.Type != SchemaType.Struct || schema.Field(step) is not { } next) return null;
            field = next;
            schema = next.Schema;
        }

        return field;
    }

    public object? Find(Struct structure, bool replacesNull)
    {
        object? value = structure;
        foreach (var step in _steps)
        {
            if (value is not Struct parent || parent.Schema.Field(step) is not { } field) return null;
            value = replacesNull ? parent.Get(field) : parent.GetWithoutDefault(field);
        }

        return value;
    }

    public object? Find(IReadOnlyDictionary<object, object?> map)
    {
        object? value = map;
        foreach (var step in _steps)
        {
            if (value is not IReadOnlyDictionary<object, object?> parent || !parent.TryGetValue(step, out value)) return null;
        }

        return value;
    }

    public override string ToString() => string.Join('.', _steps);

    private static string[] Split(string text)
    {
        var steps = new List<string>();
        for (var at = 0; at <= text.Length;)
        {
            if (at < text.Length && text[at] == '`')
            {
                var close = at + 1;
                while (close < text.Length && (text[close] != '`' || (close + 1 < text.Length && text[close + 1] != '.'))) close++;
                if (close >= text.Length) throw new ConfigException($"Incomplete backtick pair in path: [{text}], consider adding a backslash before backtick at position {at} to escape it");
                steps.Add(text[(at + 1)..close]);
                at = close + 2;
                if (close + 1 == text.Length) break;
                continue;
            }

            var dot = text.IndexOf('.', at);
            if (dot < 0) dot = text.Length;
            steps.Add(text[at..dot]);
            at = dot + 1;
        }

        return [.. steps];
    }
}
