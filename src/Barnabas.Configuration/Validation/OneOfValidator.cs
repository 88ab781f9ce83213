namespace Barnabas.Configuration.Validation;

/// <summary>One of a few words.</summary>
internal sealed class OneOfValidator(IReadOnlyList<string> words, bool ignoreCase) : ConfigValidator
{
    public override void EnsureValid(string name, object? value)
    {
        var comparer = ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (value is string text && words.Contains(text, comparer))
            return;
        throw new ConfigException(name, value, $"String must be one of{(ignoreCase ? " (case insensitive)" : "")}: {string.Join(", ", words)}");
    }

    public override string Describe() => $"{(ignoreCase ? "(case insensitive) " : "")}[{string.Join(", ", words)}]";
}
