using System.Globalization;
using System.Text;

namespace Barnabas.Configuration;

/// <summary>Java's properties syntax: comments, <c>=</c>, <c>:</c> or white space between key and value, escapes, continued lines.</summary>
public static class PropertiesFile
{
    /// <summary>Reads a file in UTF-8.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ConfigException">An escape in it is malformed.</exception>
    public static Dictionary<string, string> Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Parses text; of a key given twice the last value counts.</summary>
    /// <exception cref="ConfigException">A <c>\u</c> escape is malformed.</exception>
    public static Dictionary<string, string> Parse(string text)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in LogicalLines(text))
        {
            var (key, value) = Split(line);
            result[key] = value;
        }

        return result;
    }

    private static IEnumerable<string> LogicalLines(string text)
    {
        using var reader = new StringReader(text);
        var pending = new StringBuilder();
        while (reader.ReadLine() is { } raw)
        {
            var line = raw.TrimStart(' ', '\t', '\f');
            if (pending.Length == 0 && (line.Length == 0 || line[0] is '#' or '!'))
                continue;
            if (EndsInContinuation(line))
            {
                pending.Append(line, 0, line.Length - 1);
                if (pending.Length == 0)
                    pending.Append(' ');
                continue;
            }

            pending.Append(line);
            yield return pending.ToString();
            pending.Clear();
        }

        if (pending.Length > 0)
            yield return pending.ToString();
    }

    private static bool EndsInContinuation(string line)
    {
        var slashes = 0;
        while (slashes < line.Length && line[line.Length - 1 - slashes] == '\\')
            slashes++;
        return slashes % 2 == 1;
    }

    private static (string Key, string Value) Split(string line)
    {
        line = line.TrimStart(' ', '\t', '\f');
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t' or '\f'))
            end += line[end] == '\\' ? 2 : 1;
        end = Math.Min(end, line.Length);
        var start = end;
        while (start < line.Length && line[start] is (' ' or '\t' or '\f'))
            start++;
        if (start < line.Length && line[start] is ('=' or ':'))
            start++;
        while (start < line.Length && line[start] is (' ' or '\t' or '\f'))
            start++;
        return (Unescape(line.AsSpan(0, end)), Unescape(line.AsSpan(start)));
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
            return text.ToString();
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || ++at == text.Length)
            {
                if (at < text.Length)
                    result.Append(text[at]);
                continue;
            }

            switch (text[at])
            {
                case 't': result.Append('\t'); break;
                case 'n': result.Append('\n'); break;
                case 'r': result.Append('\r'); break;
                case 'f': result.Append('\f'); break;
                case 'u':
                    if (at + 4 >= text.Length || !ushort.TryParse(text.Slice(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                        throw new ConfigException("Malformed \\uxxxx encoding.");
                    result.Append((char)code);
                    at += 4;
                    break;
                default: result.Append(text[at]); break;
            }
        }

        return result.ToString();
    }
}
