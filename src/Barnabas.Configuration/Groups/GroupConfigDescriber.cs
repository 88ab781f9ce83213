using Barnabas.Configuration.Brokers;

namespace Barnabas.Configuration.Groups;

/// <summary>DescribeConfigs for groups.</summary>
public static class GroupConfigDescriber
{
    /// <summary>Every key of a group, or those named: set for the group, else as the broker has it for all groups, else Kafka's default.</summary>
    public static IReadOnlyList<ResolvedConfig> Describe(BrokerConfig broker, IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names) =>
        ConfigDefinitions.Group.Keys.Where(key => names is null || names.Contains(key.Name)).Select(key =>
        {
            var synonyms = new List<ConfigSynonym>();
            if (overrides.TryGetValue(key.Name, out var own))
                synonyms.Add(new ConfigSynonym(key.Name, own, ConfigSource.GroupConfig));
            if (GroupConfig.BrokerSynonym(key.Name) is { } synonym)
                synonyms.AddRange(BrokerConfigDescriber.Synonyms(broker, synonym, isSensitive: false));
            else
                synonyms.Add(new ConfigSynonym(key.Name, key.Default, ConfigSource.DefaultConfig));
            return new ResolvedConfig(key.Name, synonyms[0].Value, synonyms[0].Source, key.IsSensitive, false, key.Type, key.Documentation, synonyms);
        }).ToList();
}
