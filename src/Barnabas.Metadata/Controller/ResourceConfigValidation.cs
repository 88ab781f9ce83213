using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Groups;
using Barnabas.Configuration.Topics;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Metadata.Controller;

/// <summary>Which configuration each kind of resource may have.</summary>
internal static class ResourceConfigValidation
{
    private static readonly string[] MatchAttributes =
        ["client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address", "client_source_port"];

    private const string RemoteStorage = "remote.storage.enable";
    private const string RemoteStorageSystem = "remote.log.storage.system.enable";

    internal static ConfigKey? FindKey(ConfigResourceType type, string name)
    {
        var definition = type switch
        {
            ConfigResourceType.Topic => ConfigDefinitions.Topic,
            ConfigResourceType.Broker => ConfigDefinitions.Broker,
            ConfigResourceType.Group => ConfigDefinitions.Group,
            ConfigResourceType.ClientMetrics => ConfigDefinitions.ClientMetrics,
            _ => null,
        };
        return definition is not null && definition.TryGet(name, out var key) ? key : null;
    }

    /// <exception cref="KafkaException">The resource's name or kind is not valid.</exception>
    /// <exception cref="ConfigException">A configuration is not valid.</exception>
    internal static void Validate(
        ConfigResource resource,
        IReadOnlyDictionary<string, string> configs,
        IReadOnlyDictionary<string, string> existing,
        BrokerConfig node)
    {
        switch (resource.Type)
        {
            case ConfigResourceType.Topic:
                if (resource.Name.Length == 0)
                {
                    throw new KafkaException(ErrorCode.InvalidRequest, "Default topic resources are not allowed.");
                }
                TopicNames.Validate(resource.Name);
                TopicConfig.Validate(configs);
                ValidateRemoteStorage(configs, existing, node);
                break;
            case ConfigResourceType.Broker:
                ValidateBrokerName(resource.Name);
                ValidateDynamicBroker(configs, isOneBroker: resource.Name.Length > 0);
                break;
            case ConfigResourceType.ClientMetrics:
                ValidateClientMetrics(resource.Name, configs);
                break;
            case ConfigResourceType.Group:
                if (resource.Name.Length == 0)
                {
                    throw new KafkaException(ErrorCode.InvalidRequest, "Default group resources are not allowed.");
                }
                RefuseUnknown(ConfigDefinitions.Group, configs, "Unknown group config name: ");
                GroupConfig.Validate(node, configs);
                break;
            default:
                throw new KafkaException(
                    ErrorCode.InvalidRequest, $"Unknown resource type {resource.Type switch { ConfigResourceType.BrokerLogger => "BROKER_LOGGER", _ => "UNKNOWN" }}");
        }
    }

    private static void ValidateClientMetrics(string name, IReadOnlyDictionary<string, string> configs)
    {
        if (name.Length == 0) throw new KafkaException(ErrorCode.InvalidRequest, "Subscription name can't be empty");
        ValidateTable(ConfigDefinitions.ClientMetrics, configs, "Unknown client metrics configuration: ");
        if (configs.TryGetValue("interval.ms", out var text)
            && int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var interval) && interval is < 100 or > 3_600_000)
        {
            throw new KafkaException(
                ErrorCode.InvalidRequest, $"Invalid value {interval} for interval.ms, interval must be between 100 and 3600000 (1 hour)");
        }
        foreach (var pattern in configs.GetValueOrDefault("match", "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pattern.Split('=');
            if (parts.Length != 2 || !MatchAttributes.Contains(parts[0].Trim()) || !IsPattern(parts[1].Trim()))
            {
                throw new ConfigException($"Illegal client matching pattern: {pattern}");
            }
        }
    }

    private static bool IsPattern(string text)
    {
        try
        {
            _ = new System.Text.RegularExpressions.Regex(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void ValidateBrokerName(string name)
    {
        if (name.Length == 0) return;
        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            throw new KafkaException(ErrorCode.InvalidRequest, "Unable to parse broker name as a base 10 number.");
        }
        if (id < 0) throw new KafkaException(ErrorCode.InvalidRequest, "Invalid negative broker ID.");
    }

    /// <summary>Kafka answers INVALID_REQUEST, though INVALID_CONFIG would say it better (KAFKA-13609).</summary>
    private static void ValidateDynamicBroker(IReadOnlyDictionary<string, string> configs, bool isOneBroker)
    {
        try
        {
            DynamicConfigRules.Check(configs, isOneBroker);
        }
        catch (ConfigException e)
        {
            throw new KafkaException(ErrorCode.InvalidRequest, e.Message, e);
        }
    }

    private static void ValidateTable(ConfigDefinition definition, IReadOnlyDictionary<string, string> configs, string unknown)
    {
        RefuseUnknown(definition, configs, unknown);
        foreach (var (name, value) in configs) definition.Validate(name, value);
    }

    private static void RefuseUnknown(ConfigDefinition definition, IReadOnlyDictionary<string, string> configs, string unknown)
    {
        foreach (var name in configs.Keys)
        {
            if (!definition.Contains(name)) throw new KafkaException(ErrorCode.InvalidRequest, unknown + name);
        }
    }

    private static void ValidateRemoteStorage(
        IReadOnlyDictionary<string, string> configs, IReadOnlyDictionary<string, string> existing, BrokerConfig node)
    {
        if (!IsTrue(configs))
        {
            if (IsTrue(existing) && !(configs.TryGetValue("remote.log.delete.on.disable", out var delete) && bool.TryParse(delete, out var deletes) && deletes))
            {
                throw new ConfigException(
                    "It is invalid to disable remote storage without deleting remote data. If you want to keep the remote " +
                    "data and turn to read only, please set `remote.storage.enable=true,remote.log.copy.disable=true`. If you " +
                    "want to disable remote storage and delete all remote data, please set `remote.storage.enable=false,remote.log.delete.on.disable=true`.");
            }
            return;
        }
        if (!node.GetBoolean(RemoteStorageSystem))
        {
            throw new ConfigException("Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.");
        }

        static bool IsTrue(IReadOnlyDictionary<string, string> values) =>
            values.TryGetValue(RemoteStorage, out var text) && bool.TryParse(text, out var value) && value;
    }
}
