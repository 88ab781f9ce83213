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
    public static string ToText(double value) => ToText(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>What <c>Float.toString</c> gives: the digits that a float of 32 bits needs.</summary>
    public static string ToText(float value) => ToText(value, value.ToString("R", CultureInfo.InvariantCulture));

    private static string ToText(double value, string shortest)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";
        var (digits, exponent) = Parts(shortest);
        var sign = value < 0 ? "-" : "";
        if (exponent is >= 7 or < -3)
            return $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent.ToString(CultureInfo.InvariantCulture)}";
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1)
            return $"{sign}{digits.PadRight(exponent + 1, '0')}.0";
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    // The significant digits of a number, and the power of ten of the first of them.
    private static (string Digits, int Exponent) Parts(string shortest)
    {
        var text = shortest.TrimStart('-');
        var exponent = 0;
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        if (mark >= 0)
        {
            exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        var all = text.Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), exponent + (point < 0 ? text.Length : point) - 1 - leading);
    }
}
