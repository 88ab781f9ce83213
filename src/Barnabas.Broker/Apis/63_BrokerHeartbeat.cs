// BrokerHeartbeat, versions 0-2: a broker stays alive, is unfenced, or shuts down (KIP-631).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class BrokerHeartbeatApi(IController controller)
    : ApiHandler<BrokerHeartbeatRequest, BrokerHeartbeatResponse>(ApiKey.BrokerHeartbeat, ListenerKind.Controller)
{
    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<BrokerHeartbeatResponse?> HandleAsync(RequestContext context, BrokerHeartbeatRequest request) =>
        await controller.BrokerHeartbeatAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override BrokerHeartbeatResponse ErrorResponse(RequestContext context, BrokerHeartbeatRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode };
}
