using System.Text.RegularExpressions;

namespace Barnabas.Configuration.Validation;

/// <summary>A regular expression; one that takes too long on an input is given up.</summary>
public sealed class JavaPatternValidator : ConfigValidator
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override void EnsureValid(string name, object? value)
    {
        var pattern = (string?)value ?? throw new ConfigException(name, null, "entry must be non null");
        // Most connectors have none: they get by without loading expressions.
        if (pattern.Length > 0) EnsureCompiles(name, pattern);
    }

    /// <inheritdoc/>
    public override string Describe() => "valid regex";

    /// <summary>Matches only a whole text, as Java's <c>matches</c>.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Longest);

    /// <summary>Matches only a whole text, as Java's <c>matches</c>.</summary>
    /// <param name="name">The key that the pattern is the value of.</param>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="ConfigException">It is no regular expression.</exception>
    public static Regex Whole(string name, string pattern)
    {
        try
        {
            return Whole(pattern);
        }
        catch (ArgumentException error)
        {
            throw new ConfigException(name, pattern, "Invalid regular expression: " + error.Message);
        }
    }

    // In a method of its own, so that expressions are loaded only where there is one.
    private static void EnsureCompiles(string name, string pattern) => _ = Whole(name, pattern);
}
