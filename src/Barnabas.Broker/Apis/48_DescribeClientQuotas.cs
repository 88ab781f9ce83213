// DescribeClientQuotas, versions 0-1: the quotas that are set for the entities of a filter (KIP-546).
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeClientQuotasApi(MetadataCache metadata)
    : ApiHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse>(ApiKey.DescribeClientQuotas)
{
    public override AclOperation? ClusterOperation => AclOperation.DescribeConfigs;

    protected override ValueTask<DescribeClientQuotasResponse?> HandleAsync(RequestContext context, DescribeClientQuotasRequest request)
    {
        var filter = new ClientQuotaFilter(request);
        var response = new DescribeClientQuotasResponse { Entries = [] };
        foreach (var (entity, quotas) in metadata.Image.ClientQuotas.Entities)
        {
            if (!filter.Matches(entity))
                continue;
            response.Entries.Add(new()
            {
                Entity = [.. entity.Entries.Select(e => new DescribeClientQuotasResponse.EntityData { EntityType = e.Key, EntityName = e.Value })],
                Values = [.. quotas.Select(q => new DescribeClientQuotasResponse.ValueData { Key = q.Key, Value = q.Value })],
            });
        }
        return new(response);
    }

    protected override DescribeClientQuotasResponse ErrorResponse(RequestContext context, DescribeClientQuotasRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message, Entries = null };
}
