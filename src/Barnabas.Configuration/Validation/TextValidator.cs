namespace Barnabas.Configuration.Validation;

/// <summary>Text that is not null, or not empty where it is given.</summary>
internal sealed class TextValidator(bool allowsNull, bool allowsEmpty) : ConfigValidator
{
    public override void EnsureValid(string name, object? value)
    {
        if (value is null && !allowsNull)
            throw new ConfigException(name, null, "entry must be non null");
        if (value is string { Length: 0 } && !allowsEmpty)
            throw new ConfigException(name, value, "String must be non-empty");
    }

    public override string Describe() => allowsEmpty ? "non-null string" : "non-empty string";
}
