// AllocateProducerIds, version 0: a block of 1000 producer ids for a broker (KIP-730).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class AllocateProducerIdsApi(IController controller)
    : ApiHandler<AllocateProducerIdsRequest, AllocateProducerIdsResponse>(ApiKey.AllocateProducerIds, ListenerKind.Controller)
{
    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<AllocateProducerIdsResponse?> HandleAsync(RequestContext context, AllocateProducerIdsRequest request) =>
        await controller.AllocateProducerIdsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override AllocateProducerIdsResponse ErrorResponse(RequestContext context, AllocateProducerIdsRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode };
}
