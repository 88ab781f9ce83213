using Barnabas.Configuration.Security;
using Barnabas.Configuration.Topics;

namespace Barnabas.Configuration.Brokers;

/// <summary>What of a broker's configuration can change at run time (KIP-226), with Kafka's texts.</summary>
public static class DynamicConfigRules
{
    private const string LoginKey = "sasl.jaas.config";

    /// <summary>Checks all that is set at run time for one broker or for all: only dynamic keys, security settings only for one listener, values of their types.</summary>
    /// <exception cref="ConfigException">One may not be set so.</exception>
    public static void Check(IReadOnlyDictionary<string, string> configs, bool isOneBroker)
    {
        ArgumentNullException.ThrowIfNull(configs);
        Refuse(ConfigUpdateMode.ReadOnly, _ => true, "Cannot update these configs dynamically");
        Refuse(
            ConfigUpdateMode.PerBroker,
            name => name.StartsWith("ssl.", StringComparison.Ordinal) || name == LoginKey,
            "These security configs can be dynamically updated only per-listener using the listener prefix");
        foreach (var (name, value) in configs)
        {
            if (Find(name) is not { } key)
                continue;
            key.Parse(value);
            // Whoever may set a login must not bring another class with it (CVE-2023-25194).
            if (key.Name == LoginKey && JaasConfig.ParseSingle(name, value) is var entry && !LoginModules.IsKnown(entry))
                throw new ConfigException($"{name}: {entry.Module} is not allowed");
        }
        if (!isOneBroker)
        {
            Refuse(
                ConfigUpdateMode.PerBroker, _ => true,
                "Cannot update these configs at default cluster level, broker id must be specified", withPrefixed: true);
        }

        void Refuse(ConfigUpdateMode mode, Func<string, bool> also, string message, bool withPrefixed = false)
        {
            List<string> refused = [.. configs.Keys.Where(name =>
                Find(name) is { } key && key.UpdateMode == mode && also(name) && (withPrefixed || !IsPrefixed(name)))];
            if (refused.Count > 0)
                throw new ConfigException($"{message}: [{string.Join(", ", refused)}]");
        }
    }

    /// <summary>The key a name means, with or without the prefix of a listener; null for keys of plugins.</summary>
    public static ConfigKey? Find(string name)
    {
        foreach (var candidate in TopicConfigSynonyms.BrokerSynonyms(name))
        {
            if (ConfigDefinitions.Broker.TryGet(candidate, out var key))
                return key;
        }
        return null;
    }

    private static bool IsPrefixed(string name) => name.StartsWith("listener.name.", StringComparison.Ordinal);
}
