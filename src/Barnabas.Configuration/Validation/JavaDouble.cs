using System.Globalization;

namespace Barnabas.Configuration.Validation;

/// <summary>Doubles in Java's notation, which is what Kafka's tools print and accept.</summary>
public static class JavaDouble
{
    /// <summary>Parses what <c>Double.parseDouble</c> accepts in decimal: a sign, an exponent and a type suffix are allowed.</summary>
    public static bool TryParse(string text, out double value)
    {
        var digits = text;
        if (digits.Length > 1 && digits[^1] is 'd' or 'D' or 'f' or 'F')
            digits = digits[..^1];
        switch (digits)
        {
            case "NaN" or "+NaN" or "-NaN":
                value = double.NaN;
                return true;
            case "Infinity" or "+Infinity":
                value = double.PositiveInfinity;
                return true;
            case "-Infinity":
                value = double.NegativeInfinity;
                return true;
        }

        return double.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value) && digits.AsSpan().IndexOfAnyInRange('0', '9') >= 0;
    }

    /// <summary>What <c>Double.toString</c> gives: at least one digit after the point, <c>E</c> from 10^7 up and below 10^-3.</summary>
    public static string ToText(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(value) is >= 1e-3 and < 1e7)
            return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
        var rounded = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(rounded.AsSpan(rounded.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var digits = (mark < 0 ? shortest : shortest[..mark]).Replace("-", "", StringComparison.Ordinal)
            .Replace(".", "", StringComparison.Ordinal).Trim('0');
        return $"{(value < 0 ? "-" : "")}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}";
    }
}
