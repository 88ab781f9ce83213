namespace Barnabas.Configuration.Validation;

/// <summary>Says which values of a type a key accepts.</summary>
public abstract class ConfigValidator
{
    /// <summary>Checks a parsed value.</summary>
    /// <exception cref="ConfigException">The value is not valid, with Kafka's text.</exception>
    public abstract void EnsureValid(string name, object? value);

    /// <summary>The valid values in Kafka's notation, for help and documentation.</summary>
    public abstract string Describe();
}
