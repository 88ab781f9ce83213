using System.Text.RegularExpressions;

namespace Barnabas.Configuration.Security;

/// <summary>The parts of a Kerberos principal's name: <c>service/host@REALM</c>.</summary>
/// <param name="Service">The first part: a service or a user.</param>
/// <param name="Host">The second part, or null.</param>
/// <param name="Realm">The realm, or null.</param>
public sealed partial record KerberosName(string Service, string? Host, string? Realm)
{
    /// <summary>Reads a name.</summary>
    /// <exception cref="ConfigException">The name is malformed.</exception>
    public static KerberosName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var match = Form().Match(name);
        if (match.Success)
            return new(match.Groups[1].Value, match.Groups[3].Success ? match.Groups[3].Value : null, match.Groups[4].Value);
        return name.Contains('@', StringComparison.Ordinal) ? throw new ConfigException($"Malformed Kerberos name: {name}") : new(name, null, null);
    }

    /// <inheritdoc/>
    public override string ToString() => Service + (Host is null ? "" : "/" + Host) + (Realm is null ? "" : "@" + Realm);

    [GeneratedRegex(@"\A([^/@]*)(/([^/@]*))?@([^/@]*)\z")]
    private static partial Regex Form();
}
