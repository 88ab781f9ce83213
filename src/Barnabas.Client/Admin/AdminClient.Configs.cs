using System.Globalization;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Describes the configuration of resources. A broker's own goes to that broker.</summary>
    public Task<IReadOnlyDictionary<ConfigResource, Outcome<IReadOnlyList<ConfigEntry>>>> DescribeConfigsAsync(
        IReadOnlyCollection<ConfigResource> resources,
        bool includeSynonyms = false,
        bool includeDocumentation = false,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var call = new KeyedCall<ConfigResource, IReadOnlyList<ConfigEntry>>("describeConfigs", resources);
        return RunAsync(call, timeout, (open, token) => ForEachConfigNodeAsync(open, async (connection, asked, inner) =>
        {
            var version = connection.Versions.Choose(ApiKey.DescribeConfigs);
            var request = new DescribeConfigsRequest { IncludeSynonyms = includeSynonyms };
            if (version >= 3) request.IncludeDocumentation = includeDocumentation;
            foreach (var resource in asked)
                request.Resources.Add(new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, ConfigurationKeys = null });
            var response = await connection.SendAsync(request, version, inner);
            lock (call)
            {
                foreach (var result in response.Results)
                {
                    var resource = new ConfigResource((ConfigResourceType)result.ResourceType, result.ResourceName);
                    if (result.ErrorCode != ErrorCode.None) call.Fail(resource, result.ErrorCode.ToException(result.ErrorMessage));
                    else call.Succeed(resource, result.Configs.ConvertAll(ToEntry));
                }

                foreach (var missing in asked.Intersect(call.Open)) call.Fail(missing, ErrorCode.UnknownServerError.ToException($"The broker response did not contain a result for config resource {missing}"));
            }
        }, token), cancellationToken);
    }

    /// <summary>Changes configurations one by one, leaving the others as they are (KIP-339).</summary>
    public Task<IReadOnlyDictionary<ConfigResource, Outcome<Done>>> IncrementalAlterConfigsAsync(
        IReadOnlyDictionary<ConfigResource, IReadOnlyList<AlterConfig>> changes, bool validateOnly = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var call = new KeyedCall<ConfigResource, Done>("incrementalAlterConfigs", changes.Keys);
        return RunAsync(call, timeout, (open, token) => ForEachConfigNodeAsync(open, async (connection, asked, inner) =>
        {
            var request = new IncrementalAlterConfigsRequest { ValidateOnly = validateOnly };
            foreach (var resource in asked)
            {
                request.Resources.Add(new IncrementalAlterConfigsRequest.AlterConfigsResource
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Configs = [.. changes[resource].Select(change => new IncrementalAlterConfigsRequest.AlterableConfig { Name = change.Name, ConfigOperation = (sbyte)change.Operation, Value = change.Value })],
                });
            }

            var response = await connection.SendAsync(request, inner);
            foreach (var result in response.Responses) Settle(call, result.ResourceType, result.ResourceName, result.ErrorCode, result.ErrorMessage);
        }, token), cancellationToken);
    }

    /// <summary>Replaces the whole configuration of resources: what is not given goes back to its default.</summary>
    public Task<IReadOnlyDictionary<ConfigResource, Outcome<Done>>> AlterConfigsAsync(
        IReadOnlyDictionary<ConfigResource, IReadOnlyDictionary<string, string?>> configs, bool validateOnly = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configs);
        var call = new KeyedCall<ConfigResource, Done>("alterConfigs", configs.Keys);
        return RunAsync(call, timeout, (open, token) => ForEachConfigNodeAsync(open, async (connection, asked, inner) =>
        {
            var request = new AlterConfigsRequest { ValidateOnly = validateOnly };
            foreach (var resource in asked)
            {
                request.Resources.Add(new AlterConfigsRequest.AlterConfigsResource
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Configs = [.. configs[resource].Select(config => new AlterConfigsRequest.AlterableConfig { Name = config.Key, Value = config.Value })],
                });
            }

            var response = await connection.SendAsync(request, inner);
            foreach (var result in response.Responses) Settle(call, result.ResourceType, result.ResourceName, result.ErrorCode, result.ErrorMessage);
        }, token), cancellationToken);
    }

    /// <summary>The resources that have a configuration of their own (KIP-1142); all types when none is named.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or knows only client metrics subscriptions.</exception>
    public Task<IReadOnlyList<ConfigResource>> ListConfigResourcesAsync(
        IReadOnlyCollection<ConfigResourceType> types, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyList<ConfigResource>>("listConfigResources", timeout, async token =>
        {
            var connection = await _cluster.ConnectToAnyAsync(token);
            var onlyMetrics = types.Count == 1 && types.Contains(ConfigResourceType.ClientMetrics);
            var version = connection.Versions.Choose(ApiKey.ListConfigResources, lowest: onlyMetrics ? (short)0 : (short)1);
            var request = new ListConfigResourcesRequest();
            if (version >= 1) request.ResourceTypes = [.. types.Select(type => (sbyte)type)];
            var response = await connection.SendAsync(request, version, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            return response.ConfigResources.ConvertAll(resource => new ConfigResource((ConfigResourceType)resource.ResourceType, resource.ResourceName));
        }, cancellationToken);

    // A broker alone knows its own configuration and loggers.
    private async Task ForEachConfigNodeAsync(
        IReadOnlyList<ConfigResource> open, Func<NodeConnection, List<ConfigResource>, CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        foreach (var group in open.GroupBy(NodeOf))
        {
            var connection = group.Key is { } nodeId
                ? await _cluster.ConnectAsync(nodeId, ConnectionRole.Regular, cancellationToken)
                : await _cluster.ConnectToAnyAsync(cancellationToken);
            await ask(connection, [.. group], cancellationToken);
        }
    }

    private static int? NodeOf(ConfigResource resource) =>
        resource.Type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger && int.TryParse(resource.Name, NumberStyles.Integer, CultureInfo.InvariantCulture, out var nodeId) ? nodeId : null;

    private void Settle(KeyedCall<ConfigResource, Done> call, sbyte type, string name, ErrorCode error, string? message)
    {
        ThrowIfControllerMoved(error);
        var resource = new ConfigResource((ConfigResourceType)type, name);
        if (error == ErrorCode.None) call.Succeed(resource, default);
        else call.Fail(resource, error.ToException(message));
    }

    private static ConfigEntry ToEntry(DescribeConfigsResponse.DescribeConfigsResourceResult config) => new()
    {
        Name = config.Name,
        Value = config.Value,
        IsReadOnly = config.ReadOnly,
        IsSensitive = config.IsSensitive,
        Source = (ConfigEntrySource)config.ConfigSource,
        Synonyms = config.Synonyms.ConvertAll(synonym => new ConfigSynonym(synonym.Name, synonym.Value, (ConfigEntrySource)synonym.Source)),
        Type = (Barnabas.Configuration.ConfigType)config.ConfigType,
        Documentation = config.Documentation,
    };
}
