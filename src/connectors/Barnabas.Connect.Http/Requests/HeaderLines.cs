using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Http.Requests;

/// <summary>Headers as configurations give them: <c>Name: value|Other: value</c>.</summary>
internal static class HeaderLines
{
    /// <exception cref="ConfigException">A part has no name.</exception>
    public static IReadOnlyList<(string Name, string Value)> Parse(string key, string text, string separator)
    {
        var headers = new List<(string, string)>();
        foreach (var part in text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw new ConfigException(key, ConfigValue.Hidden, "headers must be given as Name: value, parted by " + separator);
            headers.Add((part[..colon].Trim(), part[(colon + 1)..].Trim()));
        }

        return headers;
    }
}
