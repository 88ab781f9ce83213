using System.Globalization;
using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Topics;

/// <summary>The configuration that holds for a topic on a broker: the topic's own values, then the broker's. Immutable.</summary>
public sealed class TopicConfig
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    private TopicConfig(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides)
    {
        Overrides = overrides;
        foreach (var key in ConfigDefinitions.Topic.Keys)
            _values[key.Name] = overrides.TryGetValue(key.Name, out var text) ? key.Parse(text) : BrokerDefault(broker, key);
    }

    /// <summary>What is set for the topic itself.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; }

    /// <summary>Resolves a topic's configuration.</summary>
    /// <exception cref="ConfigException">A value of the topic is not valid.</exception>
    public static TopicConfig Resolve(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides) => new(broker, overrides);

    /// <summary>Checks what a person sets for a topic.</summary>
    /// <exception cref="ConfigException">A key is unknown, a value not valid, or two do not go together.</exception>
    public static void Validate(IReadOnlyDictionary<string, string> overrides)
    {
        foreach (var name in overrides.Keys)
            if (!ConfigDefinitions.Topic.Contains(name))
                throw new ConfigException($"Unknown topic config name: {name}");
        ConfigDefinitions.Topic.ValidateAll(overrides);
        var minimum = (long)Value("min.compaction.lag.ms")!;
        var maximum = (long)Value("max.compaction.lag.ms")!;
        if (minimum > maximum)
            throw new ConfigException($"conflict topic config setting min.compaction.lag.ms ({minimum}) > max.compaction.lag.ms ({maximum})");

        object? Value(string name)
        {
            var key = ConfigDefinitions.Topic.Get(name);
            return overrides.TryGetValue(name, out var text) ? key.Parse(text) : key.ParsedDefault;
        }
    }

    /// <summary>The parsed value of a key of <see cref="ConfigDefinitions.Topic"/>.</summary>
    public object? Get(string key) => _values.TryGetValue(key, out var value) ? value : throw new ConfigException($"Unknown topic config name: {key}");

    /// <summary>An int key.</summary>
    public int GetInt(string key) => Convert.ToInt32(Get(key), CultureInfo.InvariantCulture);

    /// <summary>A long or int key.</summary>
    public long GetLong(string key) => Convert.ToInt64(Get(key), CultureInfo.InvariantCulture);

    /// <summary>A double key.</summary>
    public double GetDouble(string key) => (double)Get(key)!;

    /// <summary>A boolean key.</summary>
    public bool GetBoolean(string key) => (bool)Get(key)!;

    /// <summary>A string key.</summary>
    public string GetString(string key) => (string)Get(key)!;

    /// <summary>A list key.</summary>
    public IReadOnlyList<string> GetList(string key) => (IReadOnlyList<string>)Get(key)!;

    /// <summary>The text of a value as DescribeConfigs shows it.</summary>
    public string? GetText(string key) => ConfigValue.ToText(Get(key));

    private static object? BrokerDefault(BrokerConfig broker, ConfigKey key) => key.Name switch
    {
        "retention.ms" => broker.LogRetentionMs,
        "segment.ms" => broker.LogRollMs,
        "segment.jitter.ms" => broker.LogRollJitterMs,
        "flush.ms" => broker.LogFlushIntervalMs,
        _ when TopicConfigSynonyms.BrokerKeys(key.Name) is [var synonym, ..] => broker.Get(synonym),
        _ => key.ParsedDefault,
    };
}
