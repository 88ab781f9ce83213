using Barnabas.Configuration.Topics;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Brokers;

/// <summary>DescribeConfigs for brokers.</summary>
public static class BrokerConfigDescriber
{
    // Set at run time alone, so that they stand in no table of a broker's file.
    private static readonly HashSet<string> Throttles = new(StringComparer.Ordinal)
    {
        "leader.replication.throttled.rate", "follower.replication.throttled.rate", "replica.alter.log.dirs.io.max.bytes.per.second",
    };

    /// <summary>Every key of a broker, or those named; unknown keys of the file are sensitive, for what they mean is not known.</summary>
    public static IReadOnlyList<ResolvedConfig> Describe(BrokerConfig config, IReadOnlyCollection<string>? names)
    {
        var keys = ConfigDefinitions.Broker.Keys.Where(key => !key.IsInternal).Select(key => key.Name)
            .Concat(config.StaticProperties.Keys).Concat(config.DynamicDefaultProperties.Keys).Concat(config.DynamicBrokerProperties.Keys);
        return keys.Distinct(StringComparer.Ordinal).Where(key => names is null || names.Contains(key))
            .Order(StringComparer.Ordinal).Select(key => Resolve(config, key, perBroker: true)).ToList();
    }

    /// <summary>What is set at run time as the default of all brokers.</summary>
    public static IReadOnlyList<ResolvedConfig> DescribeClusterDefault(BrokerConfig config, IReadOnlyCollection<string>? names) =>
        config.DynamicDefaultProperties.Keys.Where(key => names is null || names.Contains(key))
            .Order(StringComparer.Ordinal).Select(key => Resolve(config, key, perBroker: false)).ToList();

    internal static List<ConfigSynonym> Synonyms(BrokerConfig config, string name, bool isSensitive)
    {
        var names = TopicConfigSynonyms.BrokerSynonyms(name);
        var result = new List<ConfigSynonym>();
        Add(config.DynamicBrokerProperties, ConfigSource.DynamicBrokerConfig);
        Add(config.DynamicDefaultProperties, ConfigSource.DynamicDefaultBrokerConfig);
        Add(config.StaticProperties, ConfigSource.StaticBrokerConfig);
        foreach (var synonym in names)
            if (ConfigDefinitions.Broker.TryGet(synonym, out var key) && key.ParsedDefault is { } value)
                result.Add(new ConfigSynonym(synonym, isSensitive ? null : ConfigValue.ToText(value), ConfigSource.DefaultConfig));
        // What stands before the key's own name overrides another key than this one.
        return result.SkipWhile(synonym => synonym.Name != name).ToList();

        void Add(IReadOnlyDictionary<string, string> values, ConfigSource source)
        {
            foreach (var synonym in names)
                if (values.TryGetValue(synonym, out var value))
                    result.Add(new ConfigSynonym(synonym, isSensitive ? null : value, source));
        }
    }

    private static ResolvedConfig Resolve(BrokerConfig config, string name, bool perBroker)
    {
        var synonymNames = TopicConfigSynonyms.BrokerSynonyms(name);
        if (!ConfigDefinitions.Broker.TryGet(name, out var key))
            key = synonymNames.Select(synonym => ConfigDefinitions.Broker.TryGet(synonym, out var found) ? found : null).FirstOrDefault(found => found is not null);
        var isThrottle = Throttles.Contains(name);
        var isSensitive = key?.IsSensitive ?? !isThrottle;
        var synonyms = Synonyms(config, name, isSensitive);
        if (!perBroker)
            synonyms.RemoveAll(synonym => synonym.Source != ConfigSource.DynamicDefaultBrokerConfig);
        string? value = null;
        if (!isSensitive)
            value = !perBroker ? config.DynamicDefaultProperties[name]
                : ConfigDefinitions.Broker.Contains(name) ? config.GetText(name)
                : config.TryGetRaw(name, out var raw) ? raw : null;
        return new ResolvedConfig(name, value, synonyms.Count == 0 ? ConfigSource.DefaultConfig : synonyms[0].Source, isSensitive,
            key is null ? !isThrottle : key.UpdateMode == ConfigUpdateMode.ReadOnly, key?.Type ?? (isThrottle ? ConfigType.Long : ConfigType.Unknown), key?.Documentation, synonyms);
    }
}
