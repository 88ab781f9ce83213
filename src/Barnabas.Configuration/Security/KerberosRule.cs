using System.Globalization;
using System.Text.RegularExpressions;

namespace Barnabas.Configuration.Security;

/// <summary>One rule of <c>sasl.kerberos.principal.to.local.rules</c>: <c>DEFAULT</c>, or <c>RULE:[n:format](regexp)s/pattern/replacement/g/L</c>. Immutable.</summary>
internal sealed partial class KerberosRule
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);
    private readonly string _text;
    private readonly bool _isDefault;
    private readonly int _components;
    private readonly string _format;
    private readonly Regex? _match;
    private readonly Regex? _from;
    private readonly string _to;
    private readonly bool _repeats;
    private readonly string _case;

    /// <exception cref="ConfigException">The rule is malformed.</exception>
    public KerberosRule(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new ConfigException($"Invalid rule: {text}");
        if (match.Length != text.Length)
            throw new ConfigException($"Invalid rule: `{text}`, unmatched substring: `{text[match.Length..]}`");
        _text = text;
        _isDefault = match.Groups["default"].Success;
        _components = int.TryParse(match.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        _format = match.Groups["format"].Value;
        _match = match.Groups["match"].Success ? Compile($@"\A(?:{match.Groups["match"].Value})\z") : null;
        _from = match.Groups["from"].Success ? Compile(match.Groups["from"].Value) : null;
        _to = match.Groups["to"].Value;
        _repeats = match.Groups["repeat"].Success;
        _case = match.Groups["case"].Value;
    }

    /// <summary>The short name.</summary>
    /// <param name="name">The principal; one without host has one component.</param>
    /// <param name="defaultRealm">The realm whose principals DEFAULT takes.</param>
    /// <returns>Null where the rule says nothing of such a principal.</returns>
    /// <exception cref="ConfigException">The rule makes a name that is not short, or names a part that is not there.</exception>
    public string? Apply(KerberosName name, string defaultRealm)
    {
        string[] parts = name.Host is null ? [name.Realm ?? "", name.Service] : [name.Realm ?? "", name.Service, name.Host];
        var result = _isDefault ? (parts[0] == defaultRealm ? name.Service : null) : parts.Length - 1 == _components ? Transform(parts) : null;
        if (result is null)
            return null;
        if (result.AsSpan().IndexOfAny('/', '@') >= 0)
            throw new ConfigException($"Non-simple name {result} after auth_to_local rule {_text}");
        return _case switch { "L" => result.ToLowerInvariant(), "U" => result.ToUpperInvariant(), _ => result };
    }

    private string? Transform(string[] parts)
    {
        var name = Part().Replace(_format, part => int.TryParse(part.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < parts.Length
            ? parts[number]
            : throw new ConfigException($"index {part.Groups[1].Value} from {_format} is outside of the valid range 0 to {parts.Length - 1}"));
        if (_match is not null && !_match.IsMatch(name))
            return null;
        return _from is null ? name : _from.Replace(name, Replacement, _repeats ? -1 : 1);
    }

    // Java's replacements: $1 is a group, a backslash takes what follows as it is.
    private string Replacement(Match match) => Reference().Replace(_to, reference => reference.Groups[2].Success ? match.Groups[reference.Groups[2].Value].Value : reference.Groups[1].Value);

    private Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (ArgumentException e)
        {
            throw new ConfigException($"Invalid rule: {_text}: {e.Message}");
        }
    }

    [GeneratedRegex(@"\A(?:(?<default>DEFAULT)|RULE:\[(?<n>\d*):(?<format>[^\]]*)\](?:\((?<match>[^)]*)\))?(?:s/(?<from>[^/]*)/(?<to>[^/]*)/(?<repeat>g)?)?/?(?<case>L|U)?)")]
    private static partial Regex Form();

    [GeneratedRegex(@"\$(\d*)")]
    private static partial Regex Part();

    [GeneratedRegex(@"\\(.)|\$(\d)")]
    private static partial Regex Reference();
}
