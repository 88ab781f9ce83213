using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>A value as another plain type, as Java's conversions do it: whole numbers wrap, floats truncate.</summary>
internal static class CastValue
{
    /// <exception cref="DataException">The value cannot be of that type.</exception>
    public static object? To(object? value, SchemaType type)
    {
        if (value is null) return null;
        try
        {
            return type switch
            {
                SchemaType.String => value switch
                {
                    byte[] bytes => Convert.ToBase64String(bytes),
                    DateTime instant => LogicalTypes.ToMilliseconds(instant).ToString(CultureInfo.InvariantCulture),
                    _ => Converters.ValueText.Of(value),
                },
                SchemaType.Boolean => ToBoolean(value),
                SchemaType.Float32 => (float)ToDouble(value),
                SchemaType.Float64 => ToDouble(value),
                SchemaType.Int8 => unchecked((sbyte)ToInt64(value)),
                SchemaType.Int16 => unchecked((short)ToInt64(value)),
                SchemaType.Int32 => value is double or float ? (int)Math.Clamp(ToDouble(value), int.MinValue, int.MaxValue) : unchecked((int)ToInt64(value)),
                SchemaType.Int64 => ToInt64(value),
                _ => throw new DataException($"{type} is not supported in the Cast transformation."),
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException or InvalidCastException)
        {
            throw new DataException($"Value ({Converters.ValueText.Of(value)}) was out of range for requested data type", error);
        }
    }

    private static object ToBoolean(object value) => value switch
    {
        bool flag => flag,
        string text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        string text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        string text => throw new DataException($"Value {text} is not a boolean"),
        _ => ToDouble(value) != 0,
    };

    private static double ToDouble(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        string text => double.Parse(text, CultureInfo.InvariantCulture),
        BigDecimal number => number.ToDouble(),
        DateTime instant => LogicalTypes.ToMilliseconds(instant),
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture),
    };

    private static long ToInt64(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        string text => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        DateTime instant => LogicalTypes.ToMilliseconds(instant),
        BigDecimal number => (long)number.ToDouble(),
        double number => double.IsNaN(number) ? 0 : (long)Math.Clamp(number, long.MinValue, long.MaxValue),
        float number => float.IsNaN(number) ? 0 : (long)Math.Clamp((double)number, long.MinValue, long.MaxValue),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
