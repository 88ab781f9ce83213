using System.Globalization;
using System.Text.Json;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Http.Source;

/// <summary>Where reading goes on: a number or text of the last record, and the entity tag of the last answer.</summary>
/// <param name="Value">long, double or string; null for none.</param>
/// <param name="Tag">The entity tag; null for none.</param>
internal sealed record RecordOffset(object? Value, string? Tag)
{
    private const string ValueField = "offset";
    private const string TagField = "etag";

    public static RecordOffset None { get; } = new(null, null);

    /// <summary>The value in a URL or a body.</summary>
    public string Text => Convert.ToString(Value, CultureInfo.InvariantCulture) ?? "";

    public Dictionary<string, object?> ToMap()
    {
        var map = new Dictionary<string, object?>();
        if (Value is not null) map[ValueField] = Value;
        if (Tag is not null) map[TagField] = Tag;
        return map;
    }

    public static RecordOffset Of(IReadOnlyDictionary<string, object?>? map) =>
        map is null ? None : new(map.GetValueOrDefault(ValueField), map.GetValueOrDefault(TagField) as string);

    /// <summary>Compares two values of offset fields.</summary>
    /// <exception cref="DataException">One is text and one a number.</exception>
    public static int Compare(object? x, object? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (long a, long b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (string, _) or (_, string) => throw new DataException($"The offsets {x} and {y} cannot be compared: one is text."),
        _ => Convert.ToDouble(x, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(y, CultureInfo.InvariantCulture)),
    };

    /// <summary>The value of an offset field.</summary>
    /// <exception cref="DataException">It is neither text nor a number.</exception>
    public static object ValueOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
        _ => throw new DataException($"The offset field is {json.ValueKind}, not text or a number."),
    };
}
