using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration.Topics;

/// <summary>DescribeConfigs for topics, and the effective values that CreateTopics answers.</summary>
public static class TopicConfigDescriber
{
    /// <summary>Every key of a topic, or those named, with all places that give a value.</summary>
    public static IReadOnlyList<ResolvedConfig> Describe(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names)
    {
        var config = TopicConfig.Resolve(broker, overrides);
        return Keys(overrides).Where(key => names is null || names.Contains(key.Name)).Select(key =>
        {
            var synonyms = new List<ConfigSynonym>();
            if (overrides.TryGetValue(key.Name, out var text))
                synonyms.Add(new ConfigSynonym(key.Name, text, ConfigSource.DynamicTopicConfig));
            if (TopicConfigSynonyms.BrokerKeys(key.Name) is [var first, ..])
                synonyms.AddRange(BrokerConfigDescriber.Synonyms(broker, first, isSensitive: false));
            var source = synonyms.Count == 0 ? ConfigSource.DefaultConfig : synonyms[0].Source;
            return new ResolvedConfig(key.Name, config.GetText(key.Name), source, false, false, key.Type, key.Documentation, synonyms);
        }).ToList();
    }

    /// <summary>Every key of a topic with the first place that gives it a value, as a controller sees it.</summary>
    public static IReadOnlyList<ResolvedConfig> ResolveEffective(BrokerConfig node, IReadOnlyDictionary<string, string> overrides) =>
        Keys(overrides).Select(key =>
        {
            var (value, source) = ResolveOne(node, overrides, key);
            return new ResolvedConfig(key.Name, value, source, false, false, key.Type, key.Documentation, []);
        }).ToList();

    private static (string? Value, ConfigSource Source) ResolveOne(BrokerConfig node, IReadOnlyDictionary<string, string> overrides, ConfigKey key)
    {
        if (overrides.TryGetValue(key.Name, out var own))
            return (own, ConfigSource.DynamicTopicConfig);
        var synonyms = TopicConfigSynonyms.BrokerKeys(key.Name);
        foreach (var (values, source) in ((IReadOnlyDictionary<string, string>, ConfigSource)[])
                 [(node.DynamicBrokerProperties, ConfigSource.DynamicBrokerConfig),
                  (node.DynamicDefaultProperties, ConfigSource.DynamicDefaultBrokerConfig),
                  (node.StaticProperties, ConfigSource.StaticBrokerConfig)])
            foreach (var synonym in synonyms)
                if (values.TryGetValue(synonym, out var text))
                    return (InMilliseconds(synonym, text), source);
        return (ConfigValue.ToText(key.ParsedDefault), ConfigSource.DefaultConfig);
    }

    private static string InMilliseconds(string synonym, string text)
    {
        var unit = synonym.EndsWith(".hours", StringComparison.Ordinal) ? 3_600_000L : synonym.EndsWith(".minutes", StringComparison.Ordinal) ? 60_000L : 0;
        return unit == 0 ? text : ConfigValue.ToText((long)ConfigValue.Parse(synonym, text, ConfigType.Long)! * unit)!;
    }

    private static IEnumerable<ConfigKey> Keys(IReadOnlyDictionary<string, string> overrides) =>
        ConfigDefinitions.Topic.Keys.Where(key => !key.IsInternal || overrides.ContainsKey(key.Name));
}
