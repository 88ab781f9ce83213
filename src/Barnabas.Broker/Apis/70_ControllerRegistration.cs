// ControllerRegistration, version 0: a controller tells its endpoints and features (KIP-919).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ControllerRegistrationApi(IController controller)
    : ApiHandler<ControllerRegistrationRequest, ControllerRegistrationResponse>(ApiKey.ControllerRegistration, ListenerKind.Controller)
{
    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<ControllerRegistrationResponse?> HandleAsync(RequestContext context, ControllerRegistrationRequest request) =>
        await controller.RegisterControllerAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override ControllerRegistrationResponse ErrorResponse(RequestContext context, ControllerRegistrationRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
