using System.Globalization;
using System.Text;
using Barnabas.Configuration;
using Barnabas.Transport.Http;

namespace Barnabas.Connect.Rest;

/// <summary>
/// Headers that all answers of the REST API have (KIP-577): <c>response.http.headers.config</c>, rules such as
/// <c>set X-Frame-Options: DENY</c> behind commas, in quotation marks where a rule has commas itself. Immutable.
/// </summary>
internal sealed class ResponseHeaders
{
    /// <summary>The key with the rules.</summary>
    public const string Key = "response.http.headers.config";

    private readonly List<Rule> _rules = [];

    /// <summary>By the value of the key.</summary>
    /// <exception cref="ConfigException">A rule is not valid, with Kafka's text.</exception>
    public static ResponseHeaders Parse(string text)
    {
        var headers = new ResponseHeaders();
        foreach (var rule in Split(text))
            if (rule.Length > 0) headers._rules.Add(Rule.Parse(rule));
        return headers;
    }

    /// <summary>Gives an answer the headers.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="now">What dates count from.</param>
    public void Apply(HttpAnswer answer, DateTimeOffset now)
    {
        foreach (var rule in _rules)
            answer.AddHeader(rule.Name, rule.DateOffset is { } offset ? (now + offset).ToString("R", CultureInfo.InvariantCulture) : rule.Value, rule.Replaces);
    }

    private static IEnumerable<string> Split(string text)
    {
        var rule = new StringBuilder();
        var isQuoted = false;
        foreach (var c in text)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                yield return rule.ToString().Trim();
                rule.Clear();
            }
            else
            {
                rule.Append(c);
            }
        }

        yield return rule.ToString().Trim();
    }

    private sealed record Rule(string Name, string Value, bool Replaces, TimeSpan? DateOffset)
    {
        private static readonly string[] Actions = ["set", "add", "setDate", "addDate"];

        public static Rule Parse(string text)
        {
            var space = text.IndexOfAny([' ', '\t']);
            if (space < 0) throw new ConfigException($"Invalid format of header config '{text}'. Expected: '[action] [header name]:[header value]'");
            var (action, header) = (text[..space], text[(space + 1)..].Trim());
            if (!Actions.Contains(action, StringComparer.OrdinalIgnoreCase))
                throw new ConfigException($"Invalid header config action: '{action}'. Expected one of [{string.Join(", ", Actions)}]");
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) throw new ConfigException($"Invalid format of header name and header value pair '{header}'. Expected: '[header name]:[header value]'");
            var (name, value) = (header[..colon].Trim(), header[(colon + 1)..].Trim());
            if (name.Length == 0 || name.Any(char.IsWhiteSpace)) throw new ConfigException($"Invalid header name '{name}'. The '[header name]' cannot contain whitespace");
            var rule = new Rule(name, value, action.StartsWith("set", StringComparison.OrdinalIgnoreCase), action.EndsWith("Date", StringComparison.OrdinalIgnoreCase) ? OffsetOf(text, value) : null);
            return HttpAnswer.IsHeader(name, value)
                ? rule
                : throw new ConfigException($"Invalid header config '{text}': a name is letters, digits and signs, a value has no control characters.");
        }

        private static TimeSpan OffsetOf(string rule, string value) =>
            long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) && ms is >= -MaxOffsetMs and <= MaxOffsetMs
                ? TimeSpan.FromMilliseconds(ms)
                : throw new ConfigException($"Invalid header config '{rule}': a date is a number of milliseconds from now.");

        // A thousand years: dates stay in their range.
        private const long MaxOffsetMs = 1000L * 365 * 24 * 3600 * 1000;
    }
}
