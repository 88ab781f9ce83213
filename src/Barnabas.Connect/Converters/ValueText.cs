using System.Globalization;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Converters;

/// <summary>Values as Java's <c>toString</c> writes them, which the string converter puts on topics.</summary>
public static class ValueText
{
    /// <summary>The text of a value that is not null.</summary>
    public static string Of(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => JavaDouble.ToText(number),
        float number => JavaDouble.ToText(number),
        DateTime instant => instant.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture),
        IReadOnlyDictionary<object, object?> map => "{" + string.Join(", ", map.Select(pair => Of(pair.Key) + "=" + (pair.Value is null ? "null" : Of(pair.Value)))) + "}",
        IReadOnlyList<object?> list => "[" + string.Join(", ", list.Select(element => element is null ? "null" : Of(element))) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
