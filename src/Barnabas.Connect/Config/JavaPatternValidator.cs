using System.Text.RegularExpressions;
using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Config;

/// <summary>A regular expression; one that takes too long on an input is given up.</summary>
internal sealed class JavaPatternValidator : ConfigValidator
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    public override void EnsureValid(string name, object? value)
    {
        var pattern = (string?)value ?? throw new ConfigException(name, null, "entry must be non null");
        // Most connectors have none: they get by without loading expressions.
        if (pattern.Length > 0) EnsureCompiles(name, pattern);
    }

    public override string Describe() => "valid regex";

    /// <summary>Matches only a whole text, as Java's <c>matches</c>.</summary>
    public static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Longest);

    private static void EnsureCompiles(string name, string pattern)
    {
        try
        {
            _ = Whole(pattern);
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(name, pattern, "Invalid regular expression: " + error.Message);
        }
    }
}
