namespace Barnabas.Configuration.Validation;

/// <summary>A gzip level: 1 to 9, or -1 for the codec's own default.</summary>
internal sealed class LevelValidator : ConfigValidator
{
    public override void EnsureValid(string name, object? value)
    {
        if (value is null)
            throw new ConfigException(name, null, "Value must be non-null");
        if (value is not int and not long || Convert.ToInt64(value, null) is not (-1 or >= 1 and <= 9))
            throw new ConfigException(name, value, "Value must be between 1 and 9 or equal to -1");
    }

    public override string Describe() => "[1,...,9] or -1";
}
