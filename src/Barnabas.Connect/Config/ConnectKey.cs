using Barnabas.Configuration;
using Barnabas.Configuration.Validation;

namespace Barnabas.Connect.Config;

/// <summary>A configuration key of a connector, a converter, a transform or the worker, as <c>/config/validate</c> shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its value.</param>
public sealed record ConnectKey(string Name, ConfigType Type)
{
    /// <summary>What <see cref="Default"/> is for a key that must be given.</summary>
    public const string Required = "\0required";

    /// <summary>The default as text; null where it is null; <see cref="Required"/> where a value must be given.</summary>
    public string? Default { get; init; } = Required;

    /// <summary>Which values are valid; null for all of the type.</summary>
    public ConfigValidator? Validator { get; init; }

    /// <summary>How likely a person is to set it.</summary>
    public ConfigImportance Importance { get; init; } = ConfigImportance.Medium;

    /// <summary>A sentence on what it does.</summary>
    public required string Documentation { get; init; }

    /// <summary>The heading it stands under.</summary>
    public string? Group { get; init; }

    /// <summary>Its place under the heading, from 1; -1 for none.</summary>
    public int Order { get; init; } = -1;

    /// <summary>How long its values are likely to be: <c>NONE</c>, <c>SHORT</c>, <c>MEDIUM</c> or <c>LONG</c>.</summary>
    public string Width { get; init; } = "NONE";

    /// <summary>Its name for people; null for <see cref="Name"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The keys whose recommended values depend on this one.</summary>
    public IReadOnlyList<string> Dependents { get; init; } = [];

    /// <summary>Values to choose from, given the other values; null for none.</summary>
    public Func<IReadOnlyDictionary<string, string>, IReadOnlyList<string>>? Recommender { get; init; }

    /// <summary>Whether a value must be given.</summary>
    public bool IsRequired => Default == Required;

    /// <summary>Parses and checks a value.</summary>
    /// <exception cref="ConfigException">It has another type or is not valid.</exception>
    public object? Parse(string? text)
    {
        var value = ConfigValue.Parse(Name, text, Type);
        Validator?.EnsureValid(Name, value);
        return value;
    }
}
