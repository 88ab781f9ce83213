// UnregisterBroker, version 0: a broker that will not come back is forgotten.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class UnregisterBrokerApi(IController controller)
    : ApiHandler<UnregisterBrokerRequest, UnregisterBrokerResponse>(ApiKey.UnregisterBroker, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<UnregisterBrokerResponse?> HandleAsync(RequestContext context, UnregisterBrokerRequest request) =>
        await controller.UnregisterBrokerAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override UnregisterBrokerResponse ErrorResponse(RequestContext context, UnregisterBrokerRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
