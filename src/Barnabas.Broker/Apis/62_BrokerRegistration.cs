// BrokerRegistration, versions 0-4: a broker begins an incarnation (KIP-631).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class BrokerRegistrationApi(IController controller)
    : ApiHandler<BrokerRegistrationRequest, BrokerRegistrationResponse>(ApiKey.BrokerRegistration, ListenerKind.Controller)
{
    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<BrokerRegistrationResponse?> HandleAsync(RequestContext context, BrokerRegistrationRequest request) =>
        await controller.RegisterBrokerAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override BrokerRegistrationResponse ErrorResponse(RequestContext context, BrokerRegistrationRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode };
}
