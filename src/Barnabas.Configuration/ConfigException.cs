using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration;

/// <summary>A configuration value that cannot be used; the message is Kafka's, word for word.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>Creates the exception with a whole message.</summary>
    public ConfigException(string message)
        : base(message)
    {
    }

    /// <summary>Creates <c>Invalid value X for configuration Y: reason</c>.</summary>
    public ConfigException(string name, object? value, string? reason)
        : base($"Invalid value {ConfigValue.ToDisplay(value)} for configuration {name}{(reason is null ? "" : ": " + reason)}")
    {
    }
}
