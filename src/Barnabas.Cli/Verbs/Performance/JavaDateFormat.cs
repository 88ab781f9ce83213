using System.Globalization;
using System.Text;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>Times by a pattern of Java's SimpleDateFormat.</summary>
internal sealed class JavaDateFormat
{
    private readonly string _format;
    private readonly TimeZoneInfo _zone;

    public JavaDateFormat(string pattern, TimeProvider time)
    {
        _format = Translate(pattern);
        _zone = time.LocalTimeZone;
    }

    public string Format(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, _zone).ToString(_format, CultureInfo.InvariantCulture);

    private static string Translate(string pattern)
    {
        var format = new StringBuilder();
        for (var at = 0; at < pattern.Length;)
        {
            var letter = pattern[at];
            var end = at;
            while (end < pattern.Length && pattern[end] == letter)
                end++;
            var count = end - at;
            if (letter == '\'')
            {
                end = pattern.IndexOf('\'', at + 1) is var close and > 0 ? close + 1 : pattern.Length;
                Literal(format, pattern[(at + 1)..Math.Max(at + 1, end - 1)]);
            }
            else if (char.IsAsciiLetter(letter))
                format.Append(Specifier(letter, count));
            else
                Literal(format, pattern[at..end]);
            at = end;
        }

        // A single letter would be taken for one of .NET's standard formats.
        return format.Length == 1 ? "%" + format : format.ToString();
    }

    private static string Specifier(char letter, int count) => letter switch
    {
        'S' => new string('f', Math.Min(count, 7)),
        'y' or 'Y' or 'u' => count == 2 ? "yy" : "yyyy",
        'a' => "tt",
        'E' => count > 3 ? "dddd" : "ddd",
        'z' or 'Z' or 'X' => "zzz",
        'k' => new string('H', Math.Min(count, 2)),
        'K' => new string('h', Math.Min(count, 2)),
        'M' => new string('M', Math.Min(count, 4)),
        'd' or 'H' or 'h' or 'm' or 's' => new string(letter, Math.Min(count, 2)),
        _ => throw new Framework.VerbException($"Illegal pattern character '{letter}'"),
    };

    private static void Literal(StringBuilder format, string text)
    {
        foreach (var letter in text)
            format.Append('\\').Append(letter);
    }
}
