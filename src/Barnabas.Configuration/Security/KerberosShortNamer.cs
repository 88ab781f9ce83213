using System.Text.RegularExpressions;

namespace Barnabas.Configuration.Security;

/// <summary>Turns Kerberos principals into user names by <c>sasl.kerberos.principal.to.local.rules</c>; the first rule that says something decides. Immutable.</summary>
public sealed class KerberosShortNamer
{
    private readonly string _defaultRealm;
    private readonly string _text;
    private readonly KerberosRule[] _rules;

    /// <summary>Reads rules.</summary>
    /// <param name="defaultRealm">The realm whose principals the rule DEFAULT takes.</param>
    /// <param name="rules">The rules; none is DEFAULT alone.</param>
    /// <exception cref="ConfigException">A rule is malformed.</exception>
    public KerberosShortNamer(string defaultRealm, IReadOnlyList<string> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _defaultRealm = defaultRealm;
        _rules = rules.Count == 0 ? [new KerberosRule("DEFAULT")] : [.. rules.Select(rule => new KerberosRule(rule))];
        _text = string.Join(", ", rules);
    }

    /// <summary>The user name of a principal.</summary>
    /// <exception cref="ConfigException">The principal is malformed, or no rule speaks of it.</exception>
    public string ShortName(string principal)
    {
        var name = KerberosName.Parse(principal);
        if (name is { Host: null, Realm: null })
            return name.Service;
        try
        {
            foreach (var rule in _rules)
            {
                if (rule.Apply(name, _defaultRealm) is { } found)
                    return found;
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ConfigException($"The rules take too long over {principal}");
        }
        throw new ConfigException($"No rules apply to {principal}, rules [{_text}]");
    }
}
