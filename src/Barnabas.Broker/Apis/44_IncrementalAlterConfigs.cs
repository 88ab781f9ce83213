// IncrementalAlterConfigs, versions 0-1: set, delete, append and subtract key by key (KIP-339). Logger levels are not served.
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class IncrementalAlterConfigsApi(IController controller)
    : ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, ListenerKind.Any)
{
    protected override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(RequestContext context, IncrementalAlterConfigsRequest request) =>
        await controller.IncrementalAlterConfigsAsync(ControllerContexts.Of(context, null), request, context.Cancellation);

    protected override IncrementalAlterConfigsResponse ErrorResponse(RequestContext context, IncrementalAlterConfigsRequest request, KafkaException error)
    {
        var response = new IncrementalAlterConfigsResponse();
        foreach (var resource in request.Resources)
        {
            response.Responses.Add(new()
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = error.ErrorCode,
                ErrorMessage = error.Message,
            });
        }
        return response;
    }
}
