using Barnabas.Configuration;
using Barnabas.Configuration.Providers;
using Barnabas.Configuration.Validation;

namespace Barnabas.Client.Options;

/// <summary>Kafka's configuration names with values as strings, checked against the definition of one kind of client; what is not given has Kafka's default.</summary>
public sealed class ConfigValues
{
    private readonly ConfigDefinition _definition;
    private readonly Dictionary<string, object?> _parsed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Parses and checks all values, variables in them replaced (KIP-421).</summary>
    /// <exception cref="ConfigException">A value is invalid; the message is Kafka's.</exception>
    public ConfigValues(ConfigDefinition definition, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(values);
        _definition = definition;
        var unknown = new List<string>();
        _read.Add(ConfigVariables.Key);
        foreach (var (name, value) in ConfigVariables.ResolveIn(values))
        {
            if (definition.TryGet(name, out var key)) _parsed[name] = key.Parse(value);
            else if (!name.StartsWith(ConfigVariables.Prefix, StringComparison.Ordinal)) unknown.Add(name);
        }

        unknown.Sort(StringComparer.Ordinal);
        UnknownNames = unknown;
    }

    /// <summary>Names that the definition does not have, in order.</summary>
    public IReadOnlyList<string> UnknownNames { get; }

    /// <summary>Names that were given and exist, but that nothing has read so far, in order.</summary>
    public IReadOnlyList<string> UnusedNames => [.. _parsed.Keys.Where(name => !_read.Contains(name)).Order(StringComparer.Ordinal)];

    /// <summary>Whether a value was given, rather than defaulted.</summary>
    public bool IsSet(string name) => _parsed.ContainsKey(name);

    /// <summary>A text; null where the default is null.</summary>
    public string? GetString(string name) => (string?)Get(name);

    /// <summary>A 32-bit number.</summary>
    public int GetInt(string name) => Get(name) switch
    {
        int value => value,
        short value => value,
        var other => throw new ConfigException(name, other, "Expected value to be a 32-bit integer"),
    };

    /// <summary>A 64-bit number.</summary>
    public long GetLong(string name) => Get(name) switch
    {
        long value => value,
        int value => value,
        short value => value,
        var other => throw new ConfigException(name, other, "Expected value to be a 64-bit integer"),
    };

    /// <summary>A number of milliseconds.</summary>
    public TimeSpan GetMilliseconds(string name)
    {
        // Kafka's "never" is Long.MAX_VALUE, which no TimeSpan holds.
        const long longest = int.MaxValue * 1000L;
        return TimeSpan.FromMilliseconds(Math.Min(GetLong(name), longest));
    }

    /// <summary>True or false.</summary>
    public bool GetBoolean(string name) => (bool)Get(name)!;

    /// <summary>A list; empty where the default is null.</summary>
    public IReadOnlyList<string> GetList(string name) => Get(name) switch
    {
        IReadOnlyList<string> list => list,
        null => [],
        var other => [other.ToString()!],
    };

    /// <summary>The texts of all keys that begin so and have a value, given or by default.</summary>
    public IReadOnlyDictionary<string, string> TextsOf(string prefix)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in _definition.Keys)
        {
            if (key.Name.StartsWith(prefix, StringComparison.Ordinal) && ConfigValue.ToText(Get(key.Name)) is { } text)
                texts[key.Name] = text;
        }
        return texts;
    }

    private object? Get(string name)
    {
        _read.Add(name);
        return _parsed.TryGetValue(name, out var value) ? value : _definition.Get(name).ParsedDefault;
    }
}
