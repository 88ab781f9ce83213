// DescribeConfigs, versions 0-4, of topics, brokers, broker loggers, groups and client metrics subscriptions.
using System.Globalization;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Configuration.Groups;
using Barnabas.Configuration.Topics;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeConfigsApi(BrokerIdentity identity, MetadataCache metadata, DynamicBrokerConfig config, RuntimeLoggerManager loggers)
    : ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, ListenerKind.Any)
{
    protected override ValueTask<DescribeConfigsResponse?> HandleAsync(RequestContext context, DescribeConfigsRequest request)
    {
        var response = new DescribeConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var result = new DescribeConfigsResponse.DescribeConfigsResult { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName };
            response.Results.Add(result);
            var denied = ConfigAuthorization.Check(context, AclOperation.DescribeConfigs, resource.ResourceType, resource.ResourceName);
            if (denied != ErrorCode.None)
            {
                result.ErrorCode = denied;
                result.ErrorMessage = ErrorCodes.Message(denied);
                continue;
            }
            try
            {
                var names = resource.ConfigurationKeys is { Count: > 0 } keys ? keys : null;
                foreach (var entry in Describe((ConfigResourceType)resource.ResourceType, resource.ResourceName, names))
                    result.Configs.Add(ToWire(entry, request, context.ApiVersion));
            }
            catch (KafkaException e)
            {
                result.ErrorCode = e.ErrorCode;
                result.ErrorMessage = e.Message;
            }
        }
        return new(response);
    }

    protected override DescribeConfigsResponse ErrorResponse(RequestContext context, DescribeConfigsRequest request, KafkaException error)
    {
        var response = new DescribeConfigsResponse();
        foreach (var resource in request.Resources)
            response.Results.Add(new() { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName, ErrorCode = error.ErrorCode, ErrorMessage = error.Message });
        return response;
    }

    private IReadOnlyList<ResolvedConfig> Describe(ConfigResourceType type, string name, IReadOnlyCollection<string>? names)
    {
        var image = metadata.Image;
        switch (type)
        {
            case ConfigResourceType.Topic:
                TopicNames.EnsureValid(name);
                if (image.Topics.Find(name) is null)
                    throw new KafkaException(ErrorCode.UnknownTopicOrPartition, ErrorCodes.Message(ErrorCode.UnknownTopicOrPartition));
                return TopicConfigDescriber.Describe(config.Current, image.Configs.ConfigsOf(ConfigResource.ForTopic(name)), names);
            case ConfigResourceType.Broker when name.Length == 0:
                return BrokerConfigDescriber.DescribeClusterDefault(config.Current, names);
            case ConfigResourceType.Broker:
                EnsureThisBroker(name);
                return BrokerConfigDescriber.Describe(config.Current, names);
            case ConfigResourceType.BrokerLogger:
                return [.. loggers.Describe(name).Where(l => names is null || names.Contains(l.Key)).Select(l => new ResolvedConfig(
                    l.Key, l.Value, ConfigSource.DynamicBrokerLoggerConfig, false, false, ConfigType.String, null, []))];
            case ConfigResourceType.Group:
                if (name.Length == 0)
                    throw new KafkaException(ErrorCode.InvalidRequest, "Group name must not be empty");
                return GroupConfigDescriber.Describe(config.Current, image.Configs.ConfigsOf(new ConfigResource(type, name)), names);
            case ConfigResourceType.ClientMetrics:
                return DescribeClientMetrics(name, names);
            default:
                throw new KafkaException(ErrorCode.InvalidRequest, $"Unsupported resource type: {type}");
        }
    }

    private void EnsureThisBroker(string name)
    {
        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            throw new KafkaException(ErrorCode.InvalidRequest, $"Broker id must be an integer, but it is: {name}");
        if (id != identity.NodeId)
            throw new KafkaException(ErrorCode.InvalidRequest, $"Unexpected broker id, expected {identity.NodeId} or empty string, but received {name}");
    }

    private List<ResolvedConfig> DescribeClientMetrics(string name, IReadOnlyCollection<string>? names)
    {
        if (name.Length == 0)
            throw new KafkaException(ErrorCode.InvalidRequest, "Client metrics subscription name must not be empty");
        var set = metadata.Image.Configs.ConfigsOf(new ConfigResource(ConfigResourceType.ClientMetrics, name));
        List<ResolvedConfig> entries = [];
        foreach (var key in ConfigDefinitions.ClientMetrics.Keys)
        {
            if (names is not null && !names.Contains(key.Name))
                continue;
            // Unlike those of other resources, a default is no synonym here.
            entries.Add(set.TryGetValue(key.Name, out var value)
                ? new ResolvedConfig(
                    key.Name, value, ConfigSource.ClientMetricsConfig, key.IsSensitive, false, key.Type, key.Documentation,
                    [new ConfigSynonym(key.Name, value, ConfigSource.ClientMetricsConfig)])
                : new ResolvedConfig(key.Name, key.Default, ConfigSource.DefaultConfig, key.IsSensitive, false, key.Type, key.Documentation, []));
        }
        return entries;
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult ToWire(ResolvedConfig entry, DescribeConfigsRequest request, short version)
    {
        var wire = new DescribeConfigsResponse.DescribeConfigsResourceResult
        {
            Name = entry.Name,
            Value = entry.IsSensitive ? null : entry.Value,
            ReadOnly = entry.IsReadOnly,
            IsDefault = version == 0 && entry.Source == ConfigSource.DefaultConfig,
            ConfigSource = (sbyte)entry.Source,
            IsSensitive = entry.IsSensitive,
            ConfigType = (sbyte)entry.Type,
            Documentation = request.IncludeDocumentation ? entry.Documentation : null,
        };
        if (request.IncludeSynonyms)
        {
            foreach (var synonym in entry.Synonyms)
                wire.Synonyms.Add(new() { Name = synonym.Name, Value = synonym.Value, Source = (sbyte)synonym.Source });
        }
        return wire;
    }
}
