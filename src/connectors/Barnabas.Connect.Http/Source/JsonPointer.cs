using System.Globalization;
using System.Text.Json;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Http.Source;

/// <summary>A place in a JSON document (RFC 6901): empty for the whole, or steps such as <c>/data/0/items</c>.</summary>
internal sealed class JsonPointer
{
    private readonly string[] _steps;

    private JsonPointer(string[] steps) => _steps = steps;

    public static ConfigValidator Validator { get; } = new PointerValidator();

    public bool IsWhole => _steps.Length == 0;

    /// <exception cref="FormatException">It does not begin with a slash.</exception>
    public static JsonPointer Parse(string text)
    {
        if (text.Length == 0) return new([]);
        if (text[0] != '/') throw new FormatException("a JSON pointer is empty or begins with a slash");
        return new([.. text[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]);
    }

    /// <summary>What stands there; null where nothing does.</summary>
    public JsonElement? Find(JsonElement root)
    {
        foreach (var step in _steps)
        {
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(step, out var next)) root = next;
            else if (root.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < root.GetArrayLength()) root = root[index];
            else return null;
        }

        return root;
    }

    private sealed class PointerValidator : ConfigValidator
    {
        public override void EnsureValid(string name, object? value)
        {
            try
            {
                _ = Parse((string?)value ?? "");
            }
            catch (FormatException error)
            {
                throw new ConfigException(name, value, error.Message);
            }
        }

        public override string Describe() => "a JSON pointer, such as /data/items";
    }
}
