using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Dates in Java's SimpleDateFormat notation, in UTC: the letters that topics and fields are written with.</summary>
internal sealed class JavaDateFormat
{
    private readonly string _format;

    private JavaDateFormat(string format) => _format = format;

    /// <exception cref="ConfigException">A letter stands for nothing that can be written.</exception>
    public static JavaDateFormat Parse(string pattern)
    {
        var format = new System.Text.StringBuilder();
        for (var i = 0; i < pattern.Length;)
        {
            if (pattern[i] == '\'')
            {
                var close = pattern.IndexOf('\'', i + 1);
                if (close < 0) throw new ConfigException("Could not instantiate SimpleDateFormat: Unterminated quote: " + pattern);
                AppendLiteral(format, close == i + 1 ? "'" : pattern[(i + 1)..close]);
                i = close + 1;
                continue;
            }

            if (!char.IsAsciiLetter(pattern[i]))
            {
                AppendLiteral(format, pattern[i].ToString());
                i++;
                continue;
            }

            var end = i;
            while (end < pattern.Length && pattern[end] == pattern[i]) end++;
            format.Append(Letters(pattern[i], end - i, pattern));
            i = end;
        }

        return new JavaDateFormat(format.ToString());
    }

    public string Format(DateTime instant) => instant.ToString(_format, System.Globalization.CultureInfo.InvariantCulture);

    /// <exception cref="DataException">The text is no such date.</exception>
    public DateTime Read(string text) =>
        DateTime.TryParseExact(text, _format, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw new DataException($"Could not parse timestamp: value ({text}) does not match pattern ({_format})");

    private static string Letters(char letter, int count, string pattern) => letter switch
    {
        'y' => count == 2 ? "yy" : new string('y', Math.Max(count, 4)),
        'M' => new string('M', Math.Min(count, 4)),
        'd' => count == 1 ? "%d" : "dd",
        'H' => count == 1 ? "%H" : "HH",
        'h' => count == 1 ? "%h" : "hh",
        'm' => count == 1 ? "%m" : "mm",
        's' => count == 1 ? "%s" : "ss",
        'S' => new string('f', Math.Min(count, 7)),
        'a' => "tt",
        'E' => count >= 4 ? "dddd" : "ddd",
        'X' => count switch { 1 => "zz", 2 => "zzz", _ => "zzz" },
        'Z' => "zzz",
        'z' => "'UTC'",
        _ => throw new ConfigException($"Could not instantiate SimpleDateFormat with pattern {pattern}: the letter '{letter}' is not supported"),
    };

    private static void AppendLiteral(System.Text.StringBuilder format, string text)
    {
        foreach (var character in text) format.Append('\\').Append(character);
    }
}
