using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Configuration;

/// <summary>The keys that one kind of resource or client knows. Immutable.</summary>
public sealed class ConfigDefinition
{
    private readonly Dictionary<string, ConfigKey> _keys;

    /// <summary>Creates a definition of the given keys.</summary>
    public ConfigDefinition(string name, IEnumerable<ConfigKey> keys)
    {
        Name = name;
        _keys = keys.ToDictionary(key => key.Name, StringComparer.Ordinal);
        Keys = [.. _keys.Values.OrderBy(key => key.Name, StringComparer.Ordinal)];
    }

    /// <summary>What has these keys: <c>broker</c>, <c>topic</c>, ...</summary>
    public string Name { get; }

    /// <summary>All keys by name.</summary>
    public IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>True where the key is known.</summary>
    public bool Contains(string name) => _keys.ContainsKey(name);

    /// <summary>Finds a key.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out ConfigKey key) => _keys.TryGetValue(name, out key);

    /// <summary>Finds a key.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public ConfigKey Get(string name) =>
        _keys.TryGetValue(name, out var key) ? key : throw new ConfigException($"Unknown configuration '{name}'");

    /// <summary>Parses a value of a known key and checks it; null stands for the null value.</summary>
    /// <returns>null, bool, int, short, long, double, string or a list of strings.</returns>
    /// <exception cref="ConfigException">The key is unknown or the value is not valid, with Kafka's text.</exception>
    public object? Validate(string name, string? value) => Get(name).Parse(value);

    /// <summary>Checks every known key of the map, and that every key without a default is there; unknown keys pass.</summary>
    /// <exception cref="ConfigException">The first key, in the order of the names, that is missing or not valid.</exception>
    public void ValidateAll(IReadOnlyDictionary<string, string> values)
    {
        foreach (var key in Keys)
            if (values.TryGetValue(key.Name, out var value))
                key.Parse(value);
            else if (!key.HasDefault)
                throw new ConfigException($"Missing required configuration \"{key.Name}\" which has no default value.");
    }
}
