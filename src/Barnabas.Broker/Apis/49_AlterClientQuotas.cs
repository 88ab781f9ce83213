// AlterClientQuotas, versions 0-1: sets and removes quotas of users, client ids and addresses (KIP-546).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AlterClientQuotasApi(IController controller)
    : ApiHandler<AlterClientQuotasRequest, AlterClientQuotasResponse>(ApiKey.AlterClientQuotas, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.AlterConfigs;

    protected override async ValueTask<AlterClientQuotasResponse?> HandleAsync(RequestContext context, AlterClientQuotasRequest request) =>
        await controller.AlterClientQuotasAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override AlterClientQuotasResponse ErrorResponse(RequestContext context, AlterClientQuotasRequest request, KafkaException error)
    {
        var response = new AlterClientQuotasResponse();
        foreach (var entry in request.Entries)
        {
            response.Entries.Add(new()
            {
                ErrorCode = error.ErrorCode,
                ErrorMessage = error.Message,
                Entity = entry.Entity.ConvertAll(e => new AlterClientQuotasResponse.EntityData { EntityType = e.EntityType, EntityName = e.EntityName }),
            });
        }
        return response;
    }
}
