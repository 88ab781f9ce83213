using System.Globalization;
using System.Numerics;

namespace Barnabas.Connect.Data;

/// <summary>A decimal number of any size: <c>Unscaled * 10^-Scale</c>, as Java's BigDecimal and PostgreSQL's numeric.</summary>
/// <param name="Unscaled">The digits.</param>
/// <param name="Scale">How many of them stand behind the point; negative for zeros before it.</param>
public readonly record struct BigDecimal(BigInteger Unscaled, int Scale)
{
    /// <summary>The largest scale that is read, either way: what a peer writes must not make us hold millions of zeros.</summary>
    public const int MaxScale = 16_383;

    /// <summary>Reads plain or scientific notation, such as <c>-12.50</c> or <c>1E+3</c>, keeping the scale.</summary>
    /// <exception cref="FormatException">It is no number, or its scale is beyond <see cref="MaxScale"/>.</exception>
    public static BigDecimal Parse(ReadOnlySpan<char> text)
    {
        var exponent = 0;
        var mark = text.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            exponent = int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }

        var point = text.IndexOf('.');
        var digits = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        var scale = (long)(point < 0 ? 0 : text.Length - point - 1) - exponent;
        if (Math.Abs(scale) > MaxScale) throw new FormatException($"A scale of {scale} is more than the limit of {MaxScale}");
        return new BigDecimal(BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), (int)scale);
    }

    /// <summary>The same number with more digits behind the point.</summary>
    /// <exception cref="DataException">Digits would be lost.</exception>
    public BigDecimal WithScale(int scale)
    {
        if (scale == Scale) return this;
        if (scale > Scale) return new BigDecimal(Unscaled * BigInteger.Pow(10, scale - Scale), scale);
        var quotient = BigInteger.DivRem(Unscaled, BigInteger.Pow(10, Scale - scale), out var rest);
        return rest.IsZero ? new BigDecimal(quotient, scale) : throw new DataException($"{this} does not fit a scale of {scale} without rounding");
    }

    /// <summary>As a double, rounded.</summary>
    public double ToDouble() => double.Parse(ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>As Java's <c>toString</c>: with an exponent where zeros would have to be made up, or many stand before the first digit.</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture);
        var exponent = digits.Length - 1L - Scale;
        if (Scale >= 0 && exponent >= -6) return ToPlainString();
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        var mark = exponent == 0 ? "" : exponent > 0 ? $"E+{exponent}" : $"E{exponent}";
        return $"{(Unscaled.Sign < 0 ? "-" : "")}{digits[0]}{fraction}{mark}";
    }

    /// <summary>Plain notation, without an exponent.</summary>
    public string ToPlainString()
    {
        if (Scale <= 0) return (Unscaled * BigInteger.Pow(10, -Scale)).ToString(CultureInfo.InvariantCulture);
        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return $"{(Unscaled.Sign < 0 ? "-" : "")}{digits[..^Scale]}.{digits[^Scale..]}";
    }
}
