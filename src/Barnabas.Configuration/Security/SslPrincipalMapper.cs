using System.Text.RegularExpressions;

namespace Barnabas.Configuration.Security;

/// <summary>Turns the distinguished name of a certificate into a user name by <c>ssl.principal.mapping.rules</c> (KIP-371). Immutable.</summary>
public sealed partial class SslPrincipalMapper
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);
    private readonly List<Rule> _rules = [];

    /// <summary>Reads rules: <c>RULE:pattern/replacement/[LU]</c> and <c>DEFAULT</c>, with commas between.</summary>
    /// <exception cref="ConfigException">A rule is malformed.</exception>
    public SslPrincipalMapper(string rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var at = 0;
        var text = rules.Trim();
        while (at < text.Length)
        {
            var match = RuleForm().Match(text, at);
            if (!match.Success)
                throw new ConfigException($"Invalid rule: `{text[at..]}`");
            at += match.Length;
            _rules.Add(match.Groups["default"].Success
                ? new Rule(null, "", "")
                : new Rule(new Regex($"^(?:{match.Groups["pattern"].Value})$", RegexOptions.CultureInvariant, MatchTimeout), match.Groups["to"].Value, match.Groups["case"].Value));
        }
        if (_rules.Count == 0)
            _rules.Add(new Rule(null, "", ""));
    }

    /// <summary>The user name; the first rule that matches decides.</summary>
    /// <exception cref="ConfigException">No rule matches.</exception>
    public string Map(string distinguishedName)
    {
        ArgumentNullException.ThrowIfNull(distinguishedName);
        foreach (var rule in _rules)
        {
            if (rule.Pattern is null)
                return distinguishedName;
            var match = rule.Pattern.Match(distinguishedName);
            if (!match.Success)
                continue;
            var name = Reference().Replace(rule.Replacement, reference => match.Groups[reference.Groups[1].Value].Value);
            return rule.Case switch { "L" => name.ToLowerInvariant(), "U" => name.ToUpperInvariant(), _ => name };
        }
        throw new ConfigException($"No rules apply to {distinguishedName}, rules {string.Join(", ", _rules.Select(rule => rule.Pattern?.ToString() ?? "DEFAULT"))}");
    }

    [GeneratedRegex(@"\G\s*((?<default>DEFAULT)|RULE:(?<pattern>(\\.|[^\\/])*)/(?<to>(\\.|[^\\/])*)/(?<case>[LU]?).*?)\s*(,|$)")]
    private static partial Regex RuleForm();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Reference();

    private sealed record Rule(Regex? Pattern, string Replacement, string Case);
}
