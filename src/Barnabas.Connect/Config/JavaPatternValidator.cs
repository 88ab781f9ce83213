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
        try
        {
            _ = Whole((string?)value ?? throw new ConfigException(name, null, "entry must be non null"));
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(name, value, "Invalid regular expression: " + error.Message);
        }
    }

    public override string Describe() => "valid regex";

    /// <summary>Matches only a whole text, as Java's <c>matches</c>.</summary>
    public static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Longest);
}
