namespace Barnabas.Configuration;

/// <summary>A value and where it comes from: an entry of DescribeConfigs.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">Its text, null where it has none or is sensitive.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="IsSensitive">True where the value is not shown.</param>
/// <param name="IsReadOnly">True where it cannot be set at run time.</param>
/// <param name="Type">The value's type, unknown for keys in no table.</param>
/// <param name="Documentation">The sentence on it, null for keys in no table.</param>
/// <param name="Synonyms">Every place that gives a value, first wins.</param>
public sealed record ResolvedConfig(
    string Name,
    string? Value,
    ConfigSource Source,
    bool IsSensitive,
    bool IsReadOnly,
    ConfigType Type,
    string? Documentation,
    IReadOnlyList<ConfigSynonym> Synonyms);

/// <summary>One place that gives a key a value.</summary>
/// <param name="Name">The key that is set there, which may be a synonym.</param>
/// <param name="Value">Its text, null where it is sensitive.</param>
/// <param name="Source">What kind of place.</param>
public sealed record ConfigSynonym(string Name, string? Value, ConfigSource Source);
