using System.Globalization;
using System.Numerics;
using System.Text;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Converters;

/// <summary>
/// Text as Kafka Connect's <c>Values</c> reads and writes header values: booleans, the smallest number type that fits,
/// ISO dates, lists and maps in JSON's brackets, everything else as text.
/// </summary>
internal static class SimpleValues
{
    private const int DeepestNesting = 64;

    /// <summary>The value that text stands for, with its schema.</summary>
    public static SchemaAndValue Parse(string text)
    {
        if (text.Length == 0) return new(Schema.String, text);
        var at = 0;
        return TryParse(text, ref at, 0) is { } parsed && SkipSpace(text, at) == text.Length ? parsed : new(Schema.String, text);
    }

    /// <summary>The text of a value.</summary>
    public static string ToText(Schema? schema, object? value)
    {
        var text = new StringBuilder();
        Append(text, value, isNested: false);
        return text.ToString();
    }

    private static SchemaAndValue? TryParse(string text, ref int at, int depth)
    {
        at = SkipSpace(text, at);
        if (at >= text.Length || depth > DeepestNesting) return null;
        return text[at] switch
        {
            '[' => ParseArray(text, ref at, depth),
            '{' => ParseMap(text, ref at, depth),
            '"' when depth > 0 => ParseQuoted(text, ref at),
            _ => ParseToken(text, ref at, depth),
        };
    }

    private static SchemaAndValue? ParseArray(string text, ref int at, int depth)
    {
        at++;
        var values = new List<SchemaAndValue>();
        at = SkipSpace(text, at);
        if (at < text.Length && text[at] == ']')
        {
            at++;
            return new(SchemaBuilder.Array(null).Build(), new List<object?>());
        }

        while (true)
        {
            if (TryParse(text, ref at, depth + 1) is not { Value: not null } element) return null;
            values.Add(element);
            at = SkipSpace(text, at);
            if (at >= text.Length) return null;
            if (text[at] == ',') at++;
            else if (text[at] == ']') break;
            else return null;
        }

        at++;
        var schema = CommonSchema(values);
        return new(SchemaBuilder.Array(schema).Build(), values.Select(value => Widen(value.Value, schema)).ToList());
    }

    private static SchemaAndValue? ParseMap(string text, ref int at, int depth)
    {
        at++;
        var keys = new List<SchemaAndValue>();
        var values = new List<SchemaAndValue>();
        at = SkipSpace(text, at);
        if (at < text.Length && text[at] == '}')
        {
            at++;
            return new(SchemaBuilder.Map(Schema.String, Schema.OptionalString).Build(), new Dictionary<object, object?>());
        }

        while (true)
        {
            if (TryParse(text, ref at, depth + 1) is not { Value: not null } key) return null;
            at = SkipSpace(text, at);
            if (at >= text.Length || text[at++] != ':') return null;
            if (TryParse(text, ref at, depth + 1) is not { Value: not null } value) return null;
            keys.Add(key);
            values.Add(value);
            at = SkipSpace(text, at);
            if (at >= text.Length) return null;
            if (text[at] == ',') at++;
            else if (text[at] == '}') break;
            else return null;
        }

        at++;
        var keySchema = CommonSchema(keys);
        var valueSchema = CommonSchema(values);
        var map = new Dictionary<object, object?>();
        for (var i = 0; i < keys.Count; i++) map[Widen(keys[i].Value, keySchema)!] = Widen(values[i].Value, valueSchema);
        return new(keySchema is null || valueSchema is null ? null : SchemaBuilder.Map(keySchema, valueSchema).Build(), map);
    }

    private static SchemaAndValue? ParseQuoted(string text, ref int at)
    {
        var result = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) result.Append(text[++at]);
            else if (text[at] == '"')
            {
                at++;
                return new(Schema.String, result.ToString());
            }
            else result.Append(text[at]);
        }

        return null;
    }

    private static SchemaAndValue? ParseToken(string text, ref int at, int depth)
    {
        var end = depth == 0 ? text.Length : text.AsSpan(at).IndexOfAny(",:]}") is >= 0 and var length ? at + length : text.Length;
        // Times hold colons: a token in brackets goes on where that makes it one.
        if (end < text.Length && text[end] == ':')
        {
            var far = text.AsSpan(end).IndexOfAny(",]}") is >= 0 and var more ? end + more : text.Length;
            if (Time(text[at..far].Trim()) is { } time)
            {
                at = far;
                return time;
            }
        }

        var token = text[at..end].Trim();
        at = end;
        return Token(token);
    }

    private static SchemaAndValue? Token(string token)
    {
        switch (token)
        {
            case "": return null;
            case "null": return SchemaAndValue.Null;
            case "true": return new(Schema.Boolean, true);
            case "false": return new(Schema.Boolean, false);
        }

        if (BigInteger.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return Whole(whole);
        if (IsDecimal(token)) return Fraction(token);
        if (DateTime.TryParseExact(token, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            return new(LogicalTypes.DateSchema, date);
        return Time(token) ?? new(Schema.String, token);
    }

    private static SchemaAndValue? Time(string token)
    {
        if (DateTime.TryParseExact(token, "HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return new(LogicalTypes.TimeSchema, DateTime.UnixEpoch + time.TimeOfDay);
        if (DateTime.TryParseExact(token, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            return new(LogicalTypes.TimestampSchema, instant);
        return null;
    }

    private static SchemaAndValue Whole(BigInteger number)
    {
        if (number >= sbyte.MinValue && number <= sbyte.MaxValue) return new(Schema.Int8, (sbyte)number);
        if (number >= short.MinValue && number <= short.MaxValue) return new(Schema.Int16, (short)number);
        if (number >= int.MinValue && number <= int.MaxValue) return new(Schema.Int32, (int)number);
        if (number >= long.MinValue && number <= long.MaxValue) return new(Schema.Int64, (long)number);
        return new(LogicalTypes.DecimalBuilder(0).Build(), new BigDecimal(number, 0));
    }

    private static bool IsDecimal(string token) =>
        token.Length <= 400 && token[0] != '.' && token.AsSpan().IndexOfAnyExcept("0123456789+-.eE") < 0 && token.AsSpan().IndexOfAnyInRange('0', '9') >= 0
        && double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    // A float where no digit is lost, else a double, else a decimal.
    private static SchemaAndValue Fraction(string token)
    {
        var wide = double.Parse(token, NumberStyles.Float, CultureInfo.InvariantCulture);
        var narrow = (float)wide;
        if (float.IsFinite(narrow) && SameNumber(narrow.ToString("R", CultureInfo.InvariantCulture), token)) return new(Schema.Float32, narrow);
        if (double.IsFinite(wide) && SameNumber(wide.ToString("R", CultureInfo.InvariantCulture), token)) return new(Schema.Float64, wide);
        var exact = BigDecimal.Parse(token);
        return new(LogicalTypes.DecimalBuilder(exact.Scale).Build(), exact);
    }

    private static bool SameNumber(string shortest, string token)
    {
        var (a, b) = (BigDecimal.Parse(shortest), BigDecimal.Parse(token));
        var scale = Math.Max(a.Scale, b.Scale);
        return a.WithScale(scale) == b.WithScale(scale);
    }

    // One schema for all elements: whole numbers and fractions widen; null for a mixture.
    private static Schema? CommonSchema(List<SchemaAndValue> values)
    {
        Schema? common = null;
        foreach (var (schema, _) in values)
        {
            if (schema is null) return null;
            if (common is null || common.Equals(schema)) common = schema;
            else if (Rank(common) is > 0 and var a && Rank(schema) is > 0 and var b && a / 10 == b / 10) common = a >= b ? common : schema;
            else return null;
        }

        return common;
    }

    private static int Rank(Schema schema) => schema.Name is not null ? 0 : schema.Type switch
    {
        SchemaType.Int8 => 11,
        SchemaType.Int16 => 12,
        SchemaType.Int32 => 13,
        SchemaType.Int64 => 14,
        SchemaType.Float32 => 21,
        SchemaType.Float64 => 22,
        _ => 0,
    };

    private static object? Widen(object? value, Schema? schema) => schema is { Name: null } && Rank(schema) > 0 ? Transforms.CastValue.To(value, schema.Type) : value;

    private static void Append(StringBuilder text, object? value, bool isNested)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case string plain when !isNested: text.Append(plain); break;
            case string quoted: text.Append('"').Append(quoted.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"'); break;
            case byte[] bytes: text.Append(Convert.ToBase64String(bytes)); break;
            case DateTime instant: text.Append(DateText(instant)); break;
            case double number: text.Append(JavaDouble.ToText(number)); break;
            case float number: text.Append(JavaDouble.ToText(number)); break;
            case IReadOnlyDictionary<object, object?> map:
                text.Append('{');
                var isFirst = true;
                foreach (var (key, entry) in map)
                {
                    if (!isFirst) text.Append(',');
                    isFirst = false;
                    Append(text, key, isNested: true);
                    text.Append(':');
                    Append(text, entry, isNested: true);
                }

                text.Append('}');
                break;
            case IReadOnlyList<object?> list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Append(text, list[i], isNested: true);
                }

                text.Append(']');
                break;
            default: text.Append(ValueText.Of(value)); break;
        }
    }

    private static string DateText(DateTime instant) => instant.TimeOfDay == TimeSpan.Zero
        ? instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : instant.Date == DateTime.UnixEpoch
            ? instant.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
