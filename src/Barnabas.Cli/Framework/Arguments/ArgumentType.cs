using System.Globalization;

namespace Barnabas.Cli.Framework.Arguments;

/// <summary>What a value is read as.</summary>
internal enum ArgumentType
{
    Text,
    Short,
    Integer,
    Long,
    Double,
}

/// <summary>Reads values as Java's number classes do.</summary>
internal static class ArgumentTypes
{
    /// <summary>Null where the text is of the type, else why not, in the words of Java's exception.</summary>
    public static string? Refuse(this ArgumentType type, string text)
    {
        var isNumber = type switch
        {
            ArgumentType.Short => short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            ArgumentType.Integer => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            ArgumentType.Long => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            ArgumentType.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            _ => true,
        };
        if (isNumber)
            return null;
        var reason = type == ArgumentType.Short && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? $"Value out of range. Value:\"{text}\" Radix:10"
            : $"For input string: \"{text}\"";
        return $"could not convert '{text}' to {type} ({reason})";
    }
}
