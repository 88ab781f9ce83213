using System.Globalization;

namespace Barnabas.Protocol;

/// <summary>Floating-point numbers as Java's <c>Double.toString</c> spells them.</summary>
public static class JavaDouble
{
    /// <summary>The shortest digits that give the number back: plain from 0.001 up to 10,000,000, else with an exponent.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var digits = Digits(shortest, out var exponent);
        var sign = value < 0 ? "-" : "";
        if (exponent is >= -3 and < 7)
            return sign + Plain(digits, exponent);
        var fraction = digits.Length > 1 ? digits[1..] : "0";
        return $"{sign}{digits[0]}.{fraction}E{exponent}";
    }

    /// <summary>The significant digits, and the power of ten of the first.</summary>
    private static string Digits(string number, out int exponent)
    {
        var text = number.TrimStart('-');
        var e = text.IndexOf('E', StringComparison.Ordinal);
        exponent = e < 0 ? 0 : int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        exponent -= all.Length - significant.Length;
        return significant.TrimEnd('0');
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1)
            return digits.PadRight(exponent + 1, '0') + ".0";
        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }
}
