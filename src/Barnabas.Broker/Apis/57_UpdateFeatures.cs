// UpdateFeatures, versions 0-2: finalized feature levels (KIP-584, KIP-778), and kraft.version of a static quorum (KIP-853).
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class UpdateFeaturesApi(IController controller)
    : ApiHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>(ApiKey.UpdateFeatures, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Alter;

    protected override async ValueTask<UpdateFeaturesResponse?> HandleAsync(RequestContext context, UpdateFeaturesRequest request) =>
        await controller.UpdateFeaturesAsync(ControllerContexts.Of(context, request.TimeoutMs), request, context.Cancellation);

    protected override UpdateFeaturesResponse ErrorResponse(RequestContext context, UpdateFeaturesRequest request, KafkaException error)
        => new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
