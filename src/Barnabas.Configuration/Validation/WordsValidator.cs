namespace Barnabas.Configuration.Validation;

/// <summary>Two words in any case, refused with the text that share consumers have for it.</summary>
internal sealed class WordsValidator(string first, string second, string sentence) : ConfigValidator
{
    public override void EnsureValid(string name, object? value)
    {
        if (value is string text && (text.Equals(first, StringComparison.OrdinalIgnoreCase) || text.Equals(second, StringComparison.OrdinalIgnoreCase)))
            return;
        throw new ConfigException(name, value, $"Invalid value `{value ?? "null"}` for configuration {name}. {sentence}");
    }

    public override string Describe() => $"[{first}, {second}]";
}
