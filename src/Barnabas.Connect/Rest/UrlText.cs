using System.Globalization;
using System.Text;
using Barnabas.Transport.Http;

namespace Barnabas.Connect.Rest;

/// <summary>Paths and queries as requests have them.</summary>
internal static class UrlText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The segments of a path, each decoded; one at the end that is empty is left out. What Apache Kafka's worker finds ambiguous is refused.</summary>
    /// <exception cref="HttpException">It is not encoded validly, or can be understood in two ways (400).</exception>
    public static List<string> Path(string path)
    {
        var segments = new List<string>();
        var parts = path.Split('/');
        for (var i = 1; i < parts.Length; i++)
        {
            var part = parts[i];
            switch (part)
            {
                case "" when i == parts.Length - 1:
                    break;
                case "":
                    throw new HttpException(400, "Ambiguous URI empty segment");
                case ".":
                    break;
                case "..":
                    if (segments.Count == 0) throw new HttpException(400, "The path leads out of the root.");
                    segments.RemoveAt(segments.Count - 1);
                    break;
                default:
                    if (part.Contains("%2F", StringComparison.OrdinalIgnoreCase)) throw new HttpException(400, "Ambiguous URI path separator");
                    segments.Add(Decode(part));
                    break;
            }
        }

        return segments;
    }

    /// <summary>Names and values of a query, each decoded.</summary>
    /// <exception cref="HttpException">It is not encoded validly (400).</exception>
    public static List<KeyValuePair<string, string>> Query(string query)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(KeyValuePair.Create(Decode((at < 0 ? part : part[..at]).Replace('+', ' ')), at < 0 ? "" : Decode(part[(at + 1)..].Replace('+', ' '))));
        }

        return pairs;
    }

    private static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal) && Ascii.IsValid(text)) return text;
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%') bytes[length++] = (byte)text[i];
            else if (byte.TryParse(text.AsSpan(i + 1, Math.Min(2, text.Length - i - 1)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && i + 2 < text.Length)
            {
                bytes[length++] = code;
                i += 2;
            }
            else throw new HttpException(400, "A percent sign is not followed by two hexadecimal digits.");
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw new HttpException(400, "The path or the query is no UTF-8.");
        }
    }
}
