using System.Globalization;
using System.Text;
using Barnabas.Configuration;
using Barnabas.Configuration.Topics;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Decides over dynamic configuration. Lives on the controller's thread.</summary>
internal sealed class ConfigurationControlManager(ControllerState state)
{
    internal static readonly IReadOnlyDictionary<string, string> NoConfigs = new Dictionary<string, string>();

    private const string MinIsr = "min.insync.replicas";
    private const string CordonedLogDirs = "cordoned.log.dirs";
    private const int MaxValueBytes = short.MaxValue;

    internal ControllerResult<IncrementalAlterConfigsResponse> IncrementalAlter(IncrementalAlterConfigsRequest request, bool isForwarded)
    {
        var response = new IncrementalAlterConfigsResponse();
        var records = new RecordList();
        foreach (var group in request.Resources.GroupBy(r => (r.ResourceType, r.ResourceName)))
        {
            var error = group.Count() > 1
                ? new ApiError(ErrorCode.InvalidRequest, "Each resource must appear at most once.")
                : Alter(
                    group.Key.ResourceType, group.Key.ResourceName, isForwarded, records,
                    resource => IncrementalRecords(resource, group.Single().Configs));
            response.Responses.Add(new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = group.Key.ResourceType,
                ResourceName = group.Key.ResourceName,
                ErrorCode = error.Code,
                ErrorMessage = error.Text,
            });
        }
        return ControllerResult.Of(request.ValidateOnly ? [] : records.Records, response);
    }

    internal ControllerResult<AlterConfigsResponse> LegacyAlter(AlterConfigsRequest request, bool isForwarded)
    {
        var response = new AlterConfigsResponse();
        var records = new RecordList();
        foreach (var group in request.Resources.GroupBy(r => (r.ResourceType, r.ResourceName)))
        {
            var error = group.Count() > 1
                ? new ApiError(ErrorCode.InvalidRequest, "Each resource must appear at most once.")
                : Alter(
                    group.Key.ResourceType, group.Key.ResourceName, isForwarded, records,
                    resource => ReplacingRecords(resource, group.Single().Configs));
            response.Responses.Add(new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = group.Key.ResourceType,
                ResourceName = group.Key.ResourceName,
                ErrorCode = error.Code,
                ErrorMessage = error.Text,
            });
        }
        return ControllerResult.Of(request.ValidateOnly ? [] : records.Records, response);
    }

    /// <summary>Checks the whole configuration that a resource would have.</summary>
    /// <exception cref="KafkaException">Name or configuration are not valid (INVALID_REQUEST, INVALID_CONFIG, INVALID_TOPIC_EXCEPTION).</exception>
    internal void Validate(
        ConfigResource resource, IReadOnlyDictionary<string, string> configs, IReadOnlyDictionary<string, string> existing)
    {
        try
        {
            ResourceConfigValidation.Validate(resource, configs, existing, state.Options.Config);
        }
        catch (ConfigException e)
        {
            throw new KafkaException(ErrorCode.InvalidConfig, e.Message, e);
        }
    }

    /// <summary>
    /// With eligible leader replicas, min.insync.replicas must mean the same everywhere (KIP-966): the cluster gets an
    /// explicit value and brokers lose theirs.
    /// </summary>
    internal void AddElrSafetyRecords(RecordList records)
    {
        if (!state.Image.Configs.ConfigsOf(ConfigResource.DefaultBroker).ContainsKey(MinIsr))
        {
            records.Add(Record(ConfigResource.DefaultBroker, MinIsr, state.EffectiveConfig.GetText(MinIsr)));
        }
        foreach (var (resource, configs) in state.Image.Configs.Resources)
        {
            if (resource.Type == ConfigResourceType.Broker && resource.Name.Length > 0 && configs.ContainsKey(MinIsr))
            {
                records.Add(Record(resource, MinIsr, null));
            }
        }
    }

    private static ConfigRecord Record(ConfigResource resource, string name, string? value) => new()
    {
        ResourceType = (sbyte)resource.Type,
        ResourceName = resource.Name,
        Name = name,
        Value = value,
    };

    private ApiError Alter(sbyte type, string name, bool isForwarded, RecordList records, Func<ConfigResource, List<ConfigRecord>> changes)
    {
        if (!Enum.IsDefined((ConfigResourceType)type) || type == (sbyte)ConfigResourceType.Unknown)
        {
            return new ApiError(ErrorCode.UnsupportedVersion, $"Unknown resource type {type}.");
        }
        var resource = new ConfigResource((ConfigResourceType)type, name);
        try
        {
            var changed = changes(resource);
            CheckElr(resource, changed);
            var existing = state.Image.Configs.ConfigsOf(resource);
            CheckCordoned(resource, changed, existing, isForwarded);
            var wanted = new Dictionary<string, string>(existing, StringComparer.Ordinal);
            foreach (var record in changed)
            {
                if (record.Value is null) wanted.Remove(record.Name);
                else wanted[record.Name] = record.Value;
                if (record.Value is not null && Encoding.UTF8.GetByteCount(record.Value) > MaxValueBytes)
                {
                    return new ApiError(
                        ErrorCode.InvalidConfig,
                        $"The configuration value cannot be added because it exceeds the maximum value size of {MaxValueBytes} bytes.");
                }
            }
            Validate(resource, wanted, existing);
            CheckExists(resource);
            foreach (var record in changed) records.Add(record);
            return ApiError.None;
        }
        catch (KafkaException e) when (e.ErrorCode != ErrorCode.PolicyViolation)
        {
            return ApiError.From(e);
        }
    }

    private List<ConfigRecord> IncrementalRecords(
        ConfigResource resource, List<IncrementalAlterConfigsRequest.AlterableConfig> operations)
    {
        if (operations.GroupBy(o => o.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is not null)
        {
            throw new KafkaException(ErrorCode.InvalidRequest, "Error due to duplicate config keys");
        }
        List<string> nulls = [.. operations.Where(o => o.ConfigOperation != 1 && o.Value is null).Select(o => o.Name)];
        if (nulls.Count > 0)
        {
            throw new KafkaException(ErrorCode.InvalidRequest, $"Null value not supported for : {string.Join(", ", nulls)}");
        }
        var existing = state.Image.Configs.ConfigsOf(resource);
        List<ConfigRecord> records = [];
        foreach (var operation in operations)
        {
            var current = existing.GetValueOrDefault(operation.Name);
            var wanted = operation.ConfigOperation switch
            {
                0 => operation.Value,
                1 => null,
                2 => Merge(resource, operation.Name, current, operation.Value!, isAppend: true),
                3 => Merge(resource, operation.Name, current, operation.Value!, isAppend: false),
                var other => throw new KafkaException(ErrorCode.InvalidRequest, $"Unknown operations type {other}"),
            };
            // Brokers reload what a file names (key stores) even when its path stays the same (KAFKA-14136).
            if (current != wanted || resource.Type == ConfigResourceType.Broker) records.Add(Record(resource, operation.Name, wanted));
        }
        return records;
    }

    private List<ConfigRecord> ReplacingRecords(ConfigResource resource, List<AlterConfigsRequest.AlterableConfig> configs)
    {
        List<string> nulls = [.. configs.Where(c => c.Value is null).Select(c => c.Name)];
        if (nulls.Count > 0)
        {
            throw new KafkaException(ErrorCode.InvalidRequest, $"Null value not supported for : {string.Join(",", nulls)}");
        }
        var existing = state.Image.Configs.ConfigsOf(resource);
        List<ConfigRecord> records = [];
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var config in configs)
        {
            named.Add(config.Name);
            if (existing.GetValueOrDefault(config.Name) != config.Value || resource.Type == ConfigResourceType.Broker)
            {
                records.Add(Record(resource, config.Name, config.Value));
            }
        }
        foreach (var name in existing.Keys)
        {
            if (!named.Contains(name)) records.Add(Record(resource, name, null));
        }
        return records;
    }

    private string Merge(ConfigResource resource, string name, string? current, string operand, bool isAppend)
    {
        var key = ResourceConfigValidation.FindKey(resource.Type, name);
        if (key?.Type != ConfigType.List)
        {
            throw new KafkaException(
                ErrorCode.InvalidConfig, $"Can't {(isAppend ? "APPEND" : "SUBTRACT")} to key {name} because its type is not LIST.");
        }
        current ??= resource.Type switch
        {
            ConfigResourceType.Broker => state.Options.Config.GetText(name),
            ConfigResourceType.Topic => TopicConfig.Resolve(state.EffectiveConfig, NoConfigs).GetText(name),
            _ => key.Default,
        };
        List<string> parts = [.. (current ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        foreach (var value in operand.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!isAppend) parts.Remove(value);
            else if (!parts.Contains(value)) parts.Add(value);
        }
        return string.Join(',', parts);
    }

    private void CheckElr(ConfigResource resource, List<ConfigRecord> records)
    {
        if (!state.ElrEnabled || resource.Type != ConfigResourceType.Broker) return;
        if (records.Find(r => r.Name == MinIsr) is not { } record) return;
        if (resource.Name.Length > 0)
        {
            throw new KafkaException(ErrorCode.InvalidConfig, "Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
        }
        if (record.Value is null)
        {
            throw new KafkaException(ErrorCode.InvalidConfig, "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
        }
    }

    /// <summary>Only a broker knows its directories: asked directly, the controller can open them but not cordon them (KIP-1066).</summary>
    private void CheckCordoned(ConfigResource resource, List<ConfigRecord> records, IReadOnlyDictionary<string, string> existing, bool isForwarded)
    {
        if (resource.Type != ConfigResourceType.Broker || records.Find(r => r.Name == CordonedLogDirs) is not { } record) return;
        if (!MetadataRules.CordonedDirectories(state.MetadataVersion))
        {
            throw new KafkaException(
                ErrorCode.InvalidConfig,
                $"The {CordonedLogDirs} configuration value cannot be set because it requires metadata.version >= {MetadataRules.CordonedDirectoriesVersion}");
        }
        if (isForwarded || string.IsNullOrWhiteSpace(record.Value)) return;
        var allowed = (existing.GetValueOrDefault(CordonedLogDirs) ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (!record.Value.Split(',', StringSplitOptions.TrimEntries).All(allowed.Contains))
        {
            throw new KafkaException(
                ErrorCode.InvalidConfig,
                $"When updating {CordonedLogDirs} via controllers,  the new value must be a subset of the current configuration value.");
        }
    }

    private void CheckExists(ConfigResource resource)
    {
        switch (resource.Type)
        {
            case ConfigResourceType.Broker when resource.Name.Length > 0:
                if (!int.TryParse(resource.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
                {
                    throw new KafkaException(ErrorCode.InvalidRequest, $"Invalid broker name {resource.Name}");
                }
                if (state.Image.Cluster.Broker(id) is null && !state.Image.Cluster.Controllers.ContainsKey(id) && id != state.Options.NodeId)
                {
                    throw new KafkaException(ErrorCode.BrokerIdNotRegistered, $"No node with id {id} found.");
                }
                break;
            case ConfigResourceType.Topic when state.Image.Topics.Find(resource.Name) is null:
                throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"The topic '{resource.Name}' does not exist.");
        }
    }
}
