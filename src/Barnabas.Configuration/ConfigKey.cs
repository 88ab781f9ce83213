using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration;

/// <summary>One key of a <see cref="ConfigDefinition"/>.</summary>
public sealed record ConfigKey
{
    /// <summary>Kafka's name of the key.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its value.</summary>
    public required ConfigType Type { get; init; }

    /// <summary>False where a value must be given.</summary>
    public required bool HasDefault { get; init; }

    /// <summary>The default as text, null where there is none or it is null.</summary>
    public required string? Default { get; init; }

    /// <summary>What values are valid, or null for all of the type.</summary>
    public required ConfigValidator? Validator { get; init; }

    /// <summary>How likely a person is to set it.</summary>
    public required ConfigImportance Importance { get; init; }

    /// <summary>Whether it can change while a broker runs.</summary>
    public required ConfigUpdateMode UpdateMode { get; init; }

    /// <summary>One sentence on what it does.</summary>
    public required string Documentation { get; init; }

    /// <summary>True for keys that DescribeConfigs shows only where they are set.</summary>
    public required bool IsInternal { get; init; }

    /// <summary>True where the value must never be shown or logged.</summary>
    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>The parsed default: null, bool, int, short, long, double, string or a list of strings.</summary>
    public object? ParsedDefault => ConfigValue.Parse(Name, Default, Type);

    /// <summary>Parses and checks a value.</summary>
    /// <exception cref="ConfigException">The value has another type or is not valid.</exception>
    public object? Parse(string? value)
    {
        var parsed = ConfigValue.Parse(Name, value, Type);
        if (Validator is ListValidator && parsed is IReadOnlyList<string> list)
            parsed = ListValidator.WithoutDuplicates(list);
        Validator?.EnsureValid(Name, parsed);
        return parsed;
    }
}
