using System.Globalization;

namespace Barnabas.Configuration.Validation;

/// <summary>Text to value and back, as Kafka's ConfigDef does it.</summary>
public static class ConfigValue
{
    /// <summary>What stands for a sensitive value wherever one would be shown.</summary>
    public const string Hidden = "[hidden]";

    /// <summary>Parses text as a type; null stays null.</summary>
    /// <returns>null, bool, int, short, long, double, string or a list of strings.</returns>
    /// <exception cref="ConfigException">The text is not of the type.</exception>
    public static object? Parse(string name, string? text, ConfigType type)
    {
        if (text is null)
            return null;
        var trimmed = text.Trim();
        return type switch
        {
            ConfigType.Boolean when trimmed.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
            ConfigType.Boolean when trimmed.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
            ConfigType.Boolean => throw new ConfigException(name, text, "Expected value to be either true or false"),
            ConfigType.Int => int.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value : throw NotANumber(name, text, type),
            ConfigType.Short => short.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value : throw NotANumber(name, text, type),
            ConfigType.Long => long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value : throw NotANumber(name, text, type),
            ConfigType.Double => JavaDouble.TryParse(trimmed, out var value) ? value : throw NotANumber(name, text, type),
            ConfigType.List => SplitList(trimmed),
            _ => trimmed,
        };
    }

    /// <summary>The elements of a list: split at commas, with the white space around the commas gone.</summary>
    public static IReadOnlyList<string> SplitList(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length == 0 ? [] : trimmed.Split(',', StringSplitOptions.TrimEntries);
    }

    /// <summary>The text of a parsed value as DescribeConfigs shows it: lists joined by commas, doubles as Java writes them.</summary>
    public static string? ToText(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        double number => JavaDouble.ToText(number),
        IReadOnlyList<string> list => string.Join(',', list),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>The text of a value inside a message: lists in brackets, null as <c>null</c>.</summary>
    public static string ToDisplay(object? value) => value switch
    {
        null => "null",
        IReadOnlyList<string> list => "[" + string.Join(", ", list) + "]",
        _ => ToText(value)!,
    };

    private static ConfigException NotANumber(string name, string text, ConfigType type) =>
        new(name, text, "Not a number of type " + type.ToString().ToUpperInvariant());
}
