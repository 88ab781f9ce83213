// ListConfigResources, versions 0-1 (KIP-1142): version 0 lists client metrics subscriptions alone.
using System.Globalization;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ListConfigResourcesApi(MetadataCache metadata)
    : ApiHandler<ListConfigResourcesRequest, ListConfigResourcesResponse>(ApiKey.ListConfigResources)
{
    public override AclOperation? ClusterOperation => AclOperation.DescribeConfigs;

    private static readonly ConfigResourceType[] All =
        [ConfigResourceType.Topic, ConfigResourceType.Broker, ConfigResourceType.BrokerLogger, ConfigResourceType.ClientMetrics, ConfigResourceType.Group];

    protected override ValueTask<ListConfigResourcesResponse?> HandleAsync(RequestContext context, ListConfigResourcesRequest request)
    {
        ConfigResourceType[] types = context.ApiVersion == 0 ? [ConfigResourceType.ClientMetrics]
            : request.ResourceTypes.Count == 0 ? All : [.. request.ResourceTypes.Select(t => (ConfigResourceType)t).Distinct()];
        if (Array.Exists(types, type => !All.Contains(type)))
            throw new KafkaException(ErrorCode.UnsupportedVersion);
        var response = new ListConfigResourcesResponse();
        var image = metadata.Image;
        foreach (var type in types)
        {
            foreach (var name in Names(image, type))
                response.ConfigResources.Add(new() { ResourceName = name, ResourceType = (sbyte)type });
        }
        return new(response);
    }

    protected override ListConfigResourcesResponse ErrorResponse(RequestContext context, ListConfigResourcesRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };

    private static IEnumerable<string> Names(MetadataImage image, ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => image.Topics.ByName.Keys,
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger => image.Cluster.Brokers.Keys.Select(id => id.ToString(CultureInfo.InvariantCulture)),
        _ => image.Configs.Resources.Keys.Where(resource => resource.Type == type).Select(resource => resource.Name),
    };
}
